import { z } from "zod/mini";

/** A query parameter that is ignored, as if it were absent, when it is invalid. */
export const ifValid = <Schema extends z.core.SomeType>(schema: Schema) =>
  z.catch(z.optional(schema), undefined);

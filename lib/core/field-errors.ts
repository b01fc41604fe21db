import type { z } from "zod";
import type { Failure } from "./result";

/** What is wrong with each field, by its name, all of it. */
export type FieldErrors = Record<string, string[]>;

/** What was entered does not fit. */
export type Invalid = Failure<"invalid", { fieldErrors: FieldErrors }>;

const byPath = (path: readonly PropertyKey[]) => path.join(".");

/** What a schema finds wrong, by field. @param nameOf what a field is called by the way to it, if not as `a.b` */
export function fieldErrorsOf({ issues }: z.ZodError, nameOf = byPath): FieldErrors {
  const fieldErrors: FieldErrors = {};
  for (const { path, message } of issues) {
    const field = nameOf(path);
    fieldErrors[field] = [...(fieldErrors[field] ?? []), message];
  }
  return fieldErrors;
}

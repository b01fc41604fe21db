import { z } from "zod/mini";

/** The id of a row: any UUID that PostgreSQL takes, whatever its version. */
export const idSchema = z.guid();

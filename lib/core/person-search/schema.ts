import { z } from "zod";

/** Any part of somebody's address or name, as typed. What cannot be understood is ignored, as in any search. */
export const personSearchSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // PostgreSQL knows no NUL, and nobody has the others in a name.
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
  .optional()
  .catch(undefined);

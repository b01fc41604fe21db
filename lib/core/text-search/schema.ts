import { z } from "zod";

/** Text to be searched for, as typed, of at most so many UTF-16 units. What cannot be is ignored, as in any search. */
export const searchTextSchema = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    // PostgreSQL knows no NUL, and nobody has the others in a name or an address.
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
    .optional()
    .catch(undefined);

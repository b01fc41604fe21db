import { z } from "zod";

/** Search text of at most `maxLength` UTF-16 units, trimmed. Invalid text is ignored: the filter is not applied. */
export const searchTextSchema = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    // PostgreSQL cannot store NUL, and no name or address contains another control character.
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
    .optional()
    .catch(undefined);

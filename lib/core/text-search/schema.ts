import { z } from "zod";
import { MAX_EMAIL_LENGTH } from "../email/rules";
import { isPlainText } from "../plain-text/rules";

/** Search text of at most `maxLength` UTF-16 units, trimmed. Invalid text is ignored: the filter is not applied. */
export const searchTextSchema = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    // PostgreSQL cannot store NUL, and no name or address contains another control character.
    .refine(isPlainText)
    .optional()
    .catch(undefined);

/** Search text for e-mail addresses: part of one, or all of one in quotation marks. */
export const addressSearchSchema = searchTextSchema(MAX_EMAIL_LENGTH + '""'.length);

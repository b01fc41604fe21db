import { z } from "zod/mini";
import { MAX_EMAIL_LENGTH } from "../email/rules";
import { isPlainText } from "../plain-text/rules";
import { ifValid } from "../query-parameter/schema";

/** Search text of at most `maxLength` code points, trimmed. Invalid text is ignored: the filter is not applied. */
export const searchTextSchema = (maxLength: number) =>
  ifValid(
    z.string().check(
      z.trim(),
      z.minLength(1),
      z.maxLength(maxLength),
      // PostgreSQL cannot store NUL, and no name or address contains another control character.
      z.refine(isPlainText),
    ),
  );

/** How many addresses an account's pages look for at once: its own, and the latest of its earlier ones. */
export const MAX_ADDRESSES = 5;

/** Search text for e-mail addresses: part of one, or all of one or more, each in quotation marks, with blanks between. */
export const addressSearchSchema = searchTextSchema(MAX_ADDRESSES * (MAX_EMAIL_LENGTH + '"" '.length));

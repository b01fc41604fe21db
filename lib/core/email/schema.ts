import "../no-eval/schema";
import { z } from "zod/mini";
import { codePointText } from "../plain-text/rules";
import { MAX_EMAIL_LENGTH } from "./rules";

/** Zod's pattern, with `&` as in `r&d`, and a top-level domain in its ASCII form too, such as `xn--p1ai` for `рф`. */
const EMAIL =
  /^(?:[\w&'+-]+\.)*[\w&'+-]*[\w&+-]@(?:[A-Za-z\d][A-Za-z\d-]*\.)+(?:[A-Za-z]{2,}|[Xx][Nn]--[A-Za-z\d-]+)$/;

/** Says which letter an address must not have, and how to write a domain that has it; empty if there is none. */
function foreignLetter(input: unknown): string {
  const [letter] = /(?!\p{ASCII})\p{L}/u.exec(typeof input === "string" ? input : "") ?? [];
  return letter ? ` “${letter}” is not accepted; a domain with such letters has an “xn--” form.` : "";
}

/**
 * One e-mail address: ASCII, one mailbox, no display name. The pattern runs only on a text that is not too long.
 * @param words `error`: a sentence for what is no address; a foreign letter in it is named after the sentence
 */
export const emailSchemaWith = (words: { error: (input: unknown) => string; tooLong: string }) => {
  const error = ({ input }: { input?: unknown }) => `${words.error(input)}${foreignLetter(input)}`;
  return z.pipe(
    z.string({ error }).check(z.maxLength(MAX_EMAIL_LENGTH, { error: words.tooLong })),
    z.email({ pattern: EMAIL, error }),
  );
};

/** Names an invisible character in an address, which would look like a right one; empty if there is none. */
function invisibleCharacter(input: unknown): string {
  const [character] = /\p{Cf}/u.exec(typeof input === "string" ? input : "") ?? [];
  return character ? ` This one has the invisible character ${codePointText(character)}.` : "";
}

/** An e-mail address in a form of its own; its errors do not name the field. */
export const emailSchema = emailSchemaWith({
  error: (input) => `Enter one e-mail address, like ops@example.org.${invisibleCharacter(input)}`,
  tooLong: `An e-mail address must have at most ${MAX_EMAIL_LENGTH} characters.`,
});

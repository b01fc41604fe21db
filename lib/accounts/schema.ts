import "@/lib/core/no-eval/schema";
import { z } from "zod/mini";
import { isVisible } from "@/lib/core/plain-text/rules";
import { MAX_NAME_LENGTH } from "./rules";

/** NFC composes a character from at most four, so a longer text cannot fit within MAX_NAME_LENGTH. */
const MAX_UNCOMPOSED_LENGTH = 4 * MAX_NAME_LENGTH;

const tooLong = (label: string) => `${label} must have at most ${MAX_NAME_LENGTH} characters.`;

/** A first or last name: one visible line in any script, without control characters, lone surrogates or bidi overrides. */
const namePart = (label: string) =>
  z.string({ error: `${label} must be text.` }).check(
    z.trim(),
    // Checked before normalising, which takes seconds for tens of thousands of combining marks.
    z.maxLength(MAX_UNCOMPOSED_LENGTH, { error: tooLong(label), abort: true }),
    // NFC, before the length check: it lengthens some texts and shortens others.
    z.normalize(),
    z.maxLength(MAX_NAME_LENGTH, { error: tooLong(label), abort: true }),
    z.regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, {
      error: `${label} contains characters that cannot be shown.`,
    }),
    z.refine((name) => name === "" || isVisible(name), {
      error: `${label} has only characters that cannot be seen.`,
    }),
  );

export const profileSchema = z.object({
  firstName: namePart("First name"),
  lastName: namePart("Last name"),
});
export type Profile = z.infer<typeof profileSchema>;

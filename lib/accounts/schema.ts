import "@/lib/core/no-eval/schema";
import { z } from "zod";
import { MAX_NAME_LENGTH } from "@/lib/core/limits";

/** No letter is more than four characters before it is composed. */
const MAX_UNCOMPOSED_LENGTH = 4 * MAX_NAME_LENGTH;

const tooLong = (label: string) => `${label} has at most ${MAX_NAME_LENGTH} characters.`;

/** A part of a person's name: one line of any script, without the characters that only machines see. */
const namePart = (label: string) =>
  z
    .string({ error: `${label} must be text.` })
    .trim()
    // Nothing else is done with a longer one: to normalise marks by the ten thousand takes seconds.
    .max(MAX_UNCOMPOSED_LENGTH, { error: tooLong(label), abort: true })
    // Before the length is taken: some characters are several when composed, and others are several until then.
    .normalize()
    .max(MAX_NAME_LENGTH, { error: tooLong(label), abort: true })
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, {
      error: `${label} contains characters that cannot be shown.`,
    });

export const profileSchema = z.object({
  firstName: namePart("First name"),
  lastName: namePart("Last name"),
});
export type Profile = z.infer<typeof profileSchema>;

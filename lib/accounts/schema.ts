import { z } from "zod";
import { MAX_NAME_LENGTH } from "@/lib/core/limits";

/** A part of a person's name: one line of any script, without the characters that only machines see. */
const namePart = (label: string) =>
  z
    .string({ error: `${label} must be text.` })
    .trim()
    // Before the length is taken: some characters are several when composed.
    .normalize()
    .max(MAX_NAME_LENGTH, { error: `${label} has at most ${MAX_NAME_LENGTH} characters.` })
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, {
      error: `${label} contains characters that cannot be shown.`,
    });

export const profileSchema = z.object({
  firstName: namePart("First name"),
  lastName: namePart("Last name"),
});
export type Profile = z.infer<typeof profileSchema>;

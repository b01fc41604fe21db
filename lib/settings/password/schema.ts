import { z } from "zod";
import { effectiveMaximumLength, MAX_PASSWORD_LENGTH } from "@/lib/core/limits";
import { editOf, whenSound, whole } from "../fields/schema";

const characterClassMinimum = (label: string) => whole(label, { min: 0, max: MAX_PASSWORD_LENGTH });

export const passwordPolicyFields = z.object({
  minimumLength: whole("Minimum password length", { min: 6, max: 50, unit: "characters" }),
  /** Null: as long as passwords may be at all. */
  maximumLength: whole("Maximum password length", {
    min: 7,
    max: MAX_PASSWORD_LENGTH,
    unit: "characters",
  }).nullable(),
  minimumUppercaseLetters: characterClassMinimum("Minimum number of uppercase letters"),
  minimumLowercaseLetters: characterClassMinimum("Minimum number of lowercase letters"),
  minimumDigits: characterClassMinimum("Minimum number of digits"),
  minimumSpecialCharacters: characterClassMinimum("Minimum number of special characters"),
  passwordExpirationPeriodDays: whole("Password expiration period", { min: 0, max: 3650, unit: "days" }),
  passwordReuseFrequencyDays: whole("Password reuse frequency", { min: 0, max: 3650, unit: "days" }),
  allowWhitespaces: z.boolean({ error: "Choose on or off." }),
  forceUserToResetPasswordIfNotValid: z.boolean({ error: "Choose on or off." }),
});
export type PasswordPolicy = z.infer<typeof passwordPolicyFields>;

const characterClasses = [
  ["minimumUppercaseLetters", "uppercase letters"],
  ["minimumLowercaseLetters", "lowercase letters"],
  ["minimumDigits", "digits"],
  ["minimumSpecialCharacters", "special characters"],
] as const;

// What one rule has found wrong is unsound to those after it, so that one mistake is told once.
const withLengths = passwordPolicyFields.superRefine(
  (policy, context) => {
    const { minimumLength } = policy;
    if (effectiveMaximumLength(policy) > minimumLength) return;
    context.addIssue({
      code: "custom",
      path: ["maximumLength"],
      message: `Maximum password length must be greater than the minimum, ${minimumLength}.`,
    });
  },
  whenSound("minimumLength", "maximumLength"),
);

const withClasses = characterClasses.reduce(
  (schema, [key, noun]) =>
    schema.superRefine(
      (policy, context) => {
        const maximumLength = effectiveMaximumLength(policy);
        if (policy[key] <= maximumLength) return;
        context.addIssue({
          code: "custom",
          path: [key],
          message: `Minimum number of ${noun} must not exceed the maximum length, ${maximumLength}.`,
        });
      },
      whenSound(key, "maximumLength"),
    ),
  withLengths,
);

export const passwordPolicySchema = withClasses.superRefine(
  (policy, context) => {
    const maximumLength = effectiveMaximumLength(policy);
    const sum = characterClasses.reduce((all, [key]) => all + policy[key], 0);
    if (sum <= maximumLength) return;
    const largest = characterClasses.reduce((a, b) => (policy[b[0]] > policy[a[0]] ? b : a));
    context.addIssue({
      code: "custom",
      path: [largest[0]],
      message: `The four minimums add up to ${sum}, more than the maximum length, ${maximumLength}.`,
    });
  },
  whenSound("maximumLength", ...characterClasses.map(([key]) => key)),
);

export const passwordPolicyDefaults: PasswordPolicy = {
  minimumLength: 12,
  maximumLength: 128,
  minimumUppercaseLetters: 0,
  minimumLowercaseLetters: 0,
  minimumDigits: 0,
  minimumSpecialCharacters: 0,
  passwordExpirationPeriodDays: 0,
  passwordReuseFrequencyDays: 0,
  allowWhitespaces: true,
  forceUserToResetPasswordIfNotValid: false,
};

export const passwordPolicyEditSchema = editOf(passwordPolicySchema);

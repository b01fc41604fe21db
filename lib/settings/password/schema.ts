import { z } from "zod/mini";
import { editOf, onOrOff, whenValid, whole } from "../fields/schema";
import { effectiveMaximumLength, MAX_PASSWORD_LENGTH } from "./rules";

/** The panel's title, wherever it is shown. */
export const passwordTitle = "Password policy";

/** The labels of the panel's fields, wherever they are shown, in the panel's order. */
export const passwordLabels = {
  minimumLength: "Minimum password length",
  maximumLength: "Maximum password length",
  minimumUppercaseLetters: "Minimum number of uppercase letters",
  minimumLowercaseLetters: "Minimum number of lowercase letters",
  minimumDigits: "Minimum number of digits",
  minimumSpecialCharacters: "Minimum number of special characters",
  passwordExpirationPeriodDays: "Password expiration period in days",
  passwordReuseFrequencyDays: "Password reuse frequency in days",
  allowWhitespaces: "Allow whitespace",
  forceUserToResetPasswordIfNotValid: "Force to reset password if not valid",
} as const;

const characterClassMinimum = (label: string) => whole(label, { min: 0, max: MAX_PASSWORD_LENGTH });

export const passwordPolicyFields = z.object({
  minimumLength: whole(passwordLabels.minimumLength, { min: 6, max: 50, unit: "characters" }),
  /** Null: `MAX_PASSWORD_LENGTH` applies. */
  maximumLength: z.nullable(
    whole(passwordLabels.maximumLength, { min: 7, max: MAX_PASSWORD_LENGTH, unit: "characters" }),
  ),
  minimumUppercaseLetters: characterClassMinimum(passwordLabels.minimumUppercaseLetters),
  minimumLowercaseLetters: characterClassMinimum(passwordLabels.minimumLowercaseLetters),
  minimumDigits: characterClassMinimum(passwordLabels.minimumDigits),
  minimumSpecialCharacters: characterClassMinimum(passwordLabels.minimumSpecialCharacters),
  passwordExpirationPeriodDays: whole(passwordLabels.passwordExpirationPeriodDays, {
    min: 0,
    max: 3650,
    unit: "days",
  }),
  passwordReuseFrequencyDays: whole(passwordLabels.passwordReuseFrequencyDays, {
    min: 0,
    max: 3650,
    unit: "days",
  }),
  allowWhitespaces: onOrOff(passwordLabels.allowWhitespaces),
  forceUserToResetPasswordIfNotValid: onOrOff(passwordLabels.forceUserToResetPasswordIfNotValid),
});
export type PasswordPolicy = z.infer<typeof passwordPolicyFields>;

const characterClasses = [
  "minimumUppercaseLetters",
  "minimumLowercaseLetters",
  "minimumDigits",
  "minimumSpecialCharacters",
] as const;

const longerThanMinimum = z.superRefine<PasswordPolicy>(
  (policy, context) => {
    const { minimumLength } = policy;
    const maximumLength = effectiveMaximumLength(policy);
    if (maximumLength > minimumLength) return;
    context.addIssue({
      code: "custom",
      path: ["maximumLength"],
      message: `${passwordLabels.maximumLength} must be greater than the minimum length, ${minimumLength}; it is ${maximumLength}.`,
    });
  },
  whenValid("minimumLength", "maximumLength"),
);

const withinMaximum = (key: (typeof characterClasses)[number]) =>
  z.superRefine<PasswordPolicy>(
    (policy, context) => {
      const maximumLength = effectiveMaximumLength(policy);
      if (policy[key] <= maximumLength) return;
      context.addIssue({
        code: "custom",
        path: [key],
        message: `${passwordLabels[key]} must not exceed the maximum length, ${maximumLength}; it is ${policy[key]}.`,
      });
    },
    whenValid(key, "maximumLength"),
  );

const togetherWithinMaximum = z.superRefine<PasswordPolicy>(
  (policy, context) => {
    const maximumLength = effectiveMaximumLength(policy);
    const sum = characterClasses.reduce((all, key) => all + policy[key], 0);
    if (sum <= maximumLength) return;
    const largest = characterClasses.reduce((a, b) => (policy[b] > policy[a] ? b : a));
    context.addIssue({
      code: "custom",
      path: [largest],
      message: `The four minimums add up to ${sum.toLocaleString("en-US")}, more than the maximum length, ${maximumLength}.`,
    });
  },
  whenValid("maximumLength", ...characterClasses),
);

// A field that one rule has reported is invalid for the rules after it, so that one mistake is reported once.
export const passwordPolicySchema = passwordPolicyFields.check(
  longerThanMinimum,
  ...characterClasses.map(withinMaximum),
  togetherWithinMaximum,
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

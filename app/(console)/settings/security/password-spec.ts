import { type FieldWords, labelled } from "@/components/form/panel-spec";
import { MAX_PASSWORD_LENGTH } from "@/lib/settings/password/rules";
import { passwordLabels } from "@/lib/settings/password/schema";

const minimumOf = (noun: string): FieldWords => ({
  kind: "number",
  help: `A new password needs at least this many ${noun}.`,
  range: "0 to the maximum length",
  unit: "or more",
});

/** Describes the password policy's fields. */
export const passwordSpec = labelled(passwordLabels, {
  minimumLength: {
    kind: "number",
    help: "Shorter passwords are refused. Length protects better than any mix of characters.",
    unit: "characters",
  },
  maximumLength: {
    kind: "number",
    help: "Longer passwords are refused.",
    range: `Greater than the minimum, at most ${MAX_PASSWORD_LENGTH}`,
    unit: "characters",
    off: {
      when: "empty",
      note: `Up to ${MAX_PASSWORD_LENGTH} characters`,
      help: `empty means ${MAX_PASSWORD_LENGTH}`,
    },
  },
  minimumUppercaseLetters: minimumOf("uppercase letters"),
  minimumLowercaseLetters: minimumOf("lowercase letters"),
  minimumDigits: minimumOf("digits"),
  minimumSpecialCharacters: {
    ...minimumOf("special characters"),
    help: "A new password needs at least this many characters other than letters, digits and spaces.",
  },
  passwordExpirationPeriodDays: {
    kind: "number",
    help: "After this many days, a person must choose a new password at the next login. Days before expiry was switched on do not count.",
    unit: "days",
    off: { when: "zero", note: "Never expires", help: "0 never expires" },
  },
  passwordReuseFrequencyDays: {
    kind: "number",
    help: "A password cannot be reused until this many days after it was replaced. Passwords replaced before this was switched on or raised may not count.",
    unit: "days",
    off: { when: "zero", note: "Old passwords can be reused at once", help: "0 means off" },
  },
  allowWhitespaces: {
    kind: "switch",
    help: "Passwords may contain spaces, as phrases of several words do.",
  },
  forceUserToResetPasswordIfNotValid: {
    kind: "switch",
    help: "A login with a password that breaks these rules is refused, and a reset link is mailed.",
  },
});

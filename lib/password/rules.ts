import { counted } from "@/lib/core/count/rules";
import { DAY_MS } from "@/lib/core/durations/rules";
import { effectiveMaximumLength, MAX_PASSWORD_LENGTH } from "@/lib/settings/password/rules";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** The requirements of a policy, in the order of the settings panel. */
export const requirementCodes = [
  "ill-formed",
  "too-short",
  "too-long",
  "uppercase",
  "lowercase",
  "digits",
  "special",
  "whitespace",
] as const;
export type RequirementCode = (typeof requirementCodes)[number];

/** A requirement that a password does not meet: the count required (a minimum or maximum) and the actual count. */
export type Violation = { code: RequirementCode; required: number; actual: number };

/** One line of the checklist next to the field for a new password. */
export type Requirement = { code: RequirementCode; text: string };

/**
 * An upper bound of every password's length, in UTF-16 units: NFC composes each of its code points from at most four
 * code points of at most two units. A longer input cannot match any password, so it is neither normalised nor
 * hashed; normalising tens of thousands of combining marks takes seconds.
 */
export const MAX_PASSWORD_UNITS = 4 * 2 * MAX_PASSWORD_LENGTH;

const UPPERCASE = /\p{Lu}/u;
const LOWERCASE = /\p{Ll}/u;
const DIGIT = /\p{Nd}/u;
const LETTER = /\p{L}/u;
const WHITESPACE = /\p{White_Space}/u;

/**
 * Returns the form in which a password is checked, hashed and compared: NFC, so that the same password typed on two
 * keyboards is equal (NIST SP 800-63B-4, 3.1.1.2). Nothing is trimmed or truncated. A byte order mark before it is no part
 * of it: pasted text and files have one, and a form that is sent without scripts loses it.
 */
export function normalizePassword(password: string): string {
  return password.replace(/^\ufeff+/, "").normalize("NFC");
}

/**
 * Returns whether a text can be a password: lone surrogates and NUL would not be hashed as they were entered. Other
 * control characters are permitted, because a password is never shown.
 */
export function isWellFormedPassword(password: string): boolean {
  return password.isWellFormed() && !password.includes("\0");
}

type Counts = {
  length: number;
  uppercase: number;
  lowercase: number;
  digits: number;
  special: number;
  whitespace: number;
};

function count(password: string): Counts {
  const counts: Counts = { length: 0, uppercase: 0, lowercase: 0, digits: 0, special: 0, whitespace: 0 };
  for (const character of normalizePassword(password)) {
    counts.length += 1;
    if (UPPERCASE.test(character)) counts.uppercase += 1;
    else if (LOWERCASE.test(character)) counts.lowercase += 1;
    else if (DIGIT.test(character)) counts.digits += 1;
    else if (WHITESPACE.test(character)) counts.whitespace += 1;
    else if (!LETTER.test(character)) counts.special += 1;
  }
  return counts;
}

/**
 * Returns every requirement of the policy that a new password violates, in the panel's order; an empty array for a
 * valid one. Counts code points of the NFC form. A special character is neither a letter, a digit nor whitespace. For a
 * password longer than any policy admits (`MAX_PASSWORD_UNITS`), only the length is reported, in code points as typed.
 */
export function checkPassword(policy: PasswordPolicy, password: string): Violation[] {
  if (!isWellFormedPassword(password)) return [{ code: "ill-formed", required: 0, actual: 0 }];
  const maximum = effectiveMaximumLength(policy);
  if (password.length > MAX_PASSWORD_UNITS)
    return [{ code: "too-long", required: maximum, actual: [...password].length }];
  const counts = count(password);
  const violations: Violation[] = [];
  const atLeast = (code: RequirementCode, required: number, actual: number) => {
    if (actual < required) violations.push({ code, required, actual });
  };
  atLeast("too-short", policy.minimumLength, counts.length);
  if (counts.length > maximum)
    violations.push({ code: "too-long", required: maximum, actual: counts.length });
  atLeast("uppercase", policy.minimumUppercaseLetters, counts.uppercase);
  atLeast("lowercase", policy.minimumLowercaseLetters, counts.lowercase);
  atLeast("digits", policy.minimumDigits, counts.digits);
  atLeast("special", policy.minimumSpecialCharacters, counts.special);
  if (!policy.allowWhitespaces && counts.whitespace > 0) {
    violations.push({ code: "whitespace", required: 0, actual: counts.whitespace });
  }
  return violations;
}

/** Says that a submitted password violates the policy; the checklist says how. */
export const UNMET_RULES_TEXT = "This password does not meet every rule yet.";

/** Returns the requirements that a policy makes of a new password, as checklist lines in the panel's order. */
export function policyRequirements(policy: PasswordPolicy): Requirement[] {
  const atLeast = (minimum: number, noun: string) =>
    minimum > 0 ? `At least ${counted(minimum, noun)}` : null;
  /** The lines; null where the policy requires nothing, or where no policy has a say. */
  const lines: Record<RequirementCode, string | null> = {
    "ill-formed": null,
    "too-short": atLeast(policy.minimumLength, "character"),
    "too-long": `At most ${counted(effectiveMaximumLength(policy), "character")}`,
    uppercase: atLeast(policy.minimumUppercaseLetters, "uppercase letter"),
    lowercase: atLeast(policy.minimumLowercaseLetters, "lowercase letter"),
    digits: atLeast(policy.minimumDigits, "digit"),
    special: atLeast(policy.minimumSpecialCharacters, "special character"),
    whitespace: policy.allowWhitespaces ? null : "No spaces",
  };
  return requirementCodes.flatMap((code) => {
    const text = lines[code];
    return text === null ? [] : [{ code, text }];
  });
}

/** Returns a violation as a sentence, for answers that come without a checklist. */
export function violationText({ code, required, ...found }: Violation): string {
  const actual = found.actual.toLocaleString("en-US");
  switch (code) {
    case "ill-formed":
      return "The password contains characters that cannot be stored.";
    case "too-short":
      return `The password must have at least ${counted(required, "character")}; it has ${actual}.`;
    case "too-long":
      return `The password must have at most ${counted(required, "character")}; it has ${actual}.`;
    case "uppercase":
      return `The password must have at least ${counted(required, "uppercase letter")}; it has ${actual}.`;
    case "lowercase":
      return `The password must have at least ${counted(required, "lowercase letter")}; it has ${actual}.`;
    case "digits":
      return `The password must have at least ${counted(required, "digit")}; it has ${actual}.`;
    case "special":
      return `The password must have at least ${counted(required, "special character")}; it has ${actual}.`;
    case "whitespace":
      return "The password must not contain spaces.";
  }
}

/**
 * Returns when a password expires: one period after it was set, or after expiry was switched on, whichever is later;
 * null when the period is 0, which switches expiry off.
 */
export function passwordExpiresAt(input: {
  setAt: Date;
  expirationPeriodDays: number;
  expirySwitchedOnAt: Date | null;
}): Date | null {
  const { setAt, expirationPeriodDays, expirySwitchedOnAt } = input;
  if (expirationPeriodDays === 0) return null;
  const from = Math.max(setAt.getTime(), expirySwitchedOnAt?.getTime() ?? 0);
  return new Date(from + expirationPeriodDays * DAY_MS);
}

/** Returns the time before which a replaced password may be used again; null when reuse is not restricted. */
export function reuseHorizon(
  policy: Pick<PasswordPolicy, "passwordReuseFrequencyDays">,
  now: Date,
): Date | null {
  const days = policy.passwordReuseFrequencyDays;
  return days === 0 ? null : new Date(now.getTime() - days * DAY_MS);
}

import { counted } from "@/lib/core/count/rules";
import { DAY_MS } from "@/lib/core/durations/rules";
import { effectiveMaximumLength, MAX_PASSWORD_UNITS } from "@/lib/core/limits";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** The requirements a policy can make, in the order of the panel. */
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

/** One requirement that a password does not meet: what is asked, and what the password has. */
export type Violation = { code: RequirementCode; required: number; actual: number };

/** One line of the checklist that a person sees while choosing a password. */
export type Requirement = { code: RequirementCode; text: string };

const UPPERCASE = /\p{Lu}/u;
const LOWERCASE = /\p{Ll}/u;
const DIGIT = /\p{Nd}/u;
const LETTER = /\p{L}/u;
const WHITESPACE = /\p{White_Space}/u;

/**
 * The form of a password that is checked, hashed and compared: NFC, so that one password typed on two keyboards is one
 * (NIST SP 800-63B-4, 3.1.1.2). Nothing is trimmed or cut.
 */
export function normalizePassword(password: string): string {
  return password.normalize("NFC");
}

/** Whether a text can be a password at all: lone surrogates and NUL would all be hashed as something else. */
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
 * Every requirement of the policy that a new password does not meet, in the panel's order; none for a good one.
 * Length is counted in code points. A special character is one that is neither letter, digit nor whitespace. Of a
 * password that is longer than any policy admits, the length is all that is told.
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

/** What the policy asks of a new password, one line each, leaving out what it does not ask. */
export function policyRequirements(policy: PasswordPolicy): Requirement[] {
  const requirements: Requirement[] = [
    { code: "too-short", text: `At least ${counted(policy.minimumLength, "character")}` },
    { code: "too-long", text: `At most ${counted(effectiveMaximumLength(policy), "character")}` },
  ];
  const classes: [RequirementCode, number, string][] = [
    ["uppercase", policy.minimumUppercaseLetters, "uppercase letter"],
    ["lowercase", policy.minimumLowercaseLetters, "lowercase letter"],
    ["digits", policy.minimumDigits, "digit"],
    ["special", policy.minimumSpecialCharacters, "special character"],
  ];
  for (const [code, minimum, noun] of classes) {
    if (minimum > 0) requirements.push({ code, text: `At least ${counted(minimum, noun)}` });
  }
  if (!policy.allowWhitespaces) requirements.push({ code: "whitespace", text: "No spaces" });
  return requirements;
}

/** A violation in words, for an answer that has no checklist beside it. */
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

/** When a password set at `setAt` expires: a whole period after it was set or after expiry was switched on, whichever is later. */
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

/** The moment before which a replaced password no longer counts as used; null when reuse is not restricted. */
export function reuseHorizon(
  policy: Pick<PasswordPolicy, "passwordReuseFrequencyDays">,
  now: Date,
): Date | null {
  const days = policy.passwordReuseFrequencyDays;
  return days === 0 ? null : new Date(now.getTime() - days * DAY_MS);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type PasswordPolicy,
  passwordPolicyDefaults,
  passwordPolicySchema,
} from "@/lib/settings/password/schema";
import {
  checkPassword,
  passwordExpiresAt,
  policyRequirements,
  type RequirementCode,
  requirementCodes,
  reuseHorizon,
  violationText,
} from "./rules";

const policy = (changes: Partial<PasswordPolicy>): PasswordPolicy => ({
  ...passwordPolicyDefaults,
  minimumLength: 6,
  ...changes,
});

const codes = (changes: Partial<PasswordPolicy>, password: string) =>
  checkPassword(policy(changes), password).map(({ code }) => code);

describe("checkPassword", () => {
  it.each<[string, Partial<PasswordPolicy>, string, string[]]>([
    ["one short of the minimum", { minimumLength: 8 }, "1234567", ["too-short"]],
    ["the minimum", { minimumLength: 8 }, "12345678", []],
    ["the maximum", { maximumLength: 10 }, "1234567890", []],
    ["one over the maximum", { maximumLength: 10 }, "12345678901", ["too-long"]],
    ["no maximum is 256", { maximumLength: null }, "a".repeat(256), []],
    ["one over no maximum", { maximumLength: null }, "a".repeat(257), ["too-long"]],
    [
      "what no policy admits, for its length alone",
      { minimumDigits: 3 },
      "e\u0301".repeat(1_025),
      ["too-long"],
    ],
    [
      "the last that some policy may admit",
      { minimumDigits: 3 },
      "e\u0301".repeat(1_024),
      ["too-long", "digits"],
    ],
    ["an emoji is one character", { minimumLength: 6, maximumLength: 7 }, "😀😀😀😀😀😀", []],
    ["an accent typed in two parts is one character", { maximumLength: 7 }, "e\u0301".repeat(7), []],
    ["uppercase of any script", { minimumUppercaseLetters: 2 }, "ÄΩabcd", []],
    [
      "a titlecase letter is neither upper nor lower",
      { minimumUppercaseLetters: 1, minimumLowercaseLetters: 1 },
      "ǅǅǅǅǅǅ",
      ["uppercase", "lowercase"],
    ],
    ["lowercase missing", { minimumLowercaseLetters: 1 }, "ABCDEF", ["lowercase"]],
    ["digits of any script", { minimumDigits: 3 }, "abc١٢٣", []],
    ["a superscript is no digit", { minimumDigits: 1 }, "abcdef²", ["digits"]],
    ["letters without case are not special", { minimumSpecialCharacters: 1 }, "漢字漢字漢字", ["special"]],
    ["whitespace is not special", { minimumSpecialCharacters: 1 }, "abc def", ["special"]],
    ["an emoji is special", { minimumSpecialCharacters: 1 }, "abcdef😀", []],
    ["a space when none is allowed", { allowWhitespaces: false }, "abc def", ["whitespace"]],
    ["an ideographic space too", { allowWhitespaces: false }, "abc\u3000def", ["whitespace"]],
    ["a next line too", { allowWhitespaces: false }, "abc\u0085def", ["whitespace"]],
    [
      "a byte order mark is special",
      { allowWhitespaces: false, minimumSpecialCharacters: 1 },
      "abc\ufeffdef",
      [],
    ],
    ["a byte order mark at the beginning counts for nothing", {}, "\ufeffabcde", ["too-short"]],
    ["a lone surrogate", {}, "abcdef\ud800", ["ill-formed"]],
    ["NUL", {}, "abc\0def", ["ill-formed"]],
    [
      "everything at once, in the panel's order",
      {
        minimumLength: 9,
        minimumUppercaseLetters: 1,
        minimumLowercaseLetters: 1,
        minimumDigits: 1,
        minimumSpecialCharacters: 1,
        allowWhitespaces: false,
      },
      " ",
      requirementCodes.filter((code) => code !== "ill-formed" && code !== "too-long"),
    ],
  ])("%s", (_name, changes, password, expected) => {
    expect(codes(changes, password)).toEqual(expected);
  });

  it("says what is asked and what there is", () => {
    expect(checkPassword(policy({ minimumDigits: 3 }), "abcdef1")).toEqual([
      { code: "digits", required: 3, actual: 1 },
    ]);
  });
});

/** Any valid policy: the type demands each field, so that a new rule is among them. */
const savedPolicy = fc
  .record<PasswordPolicy>({
    minimumLength: fc.integer({ min: 6, max: 50 }),
    maximumLength: fc.option(fc.integer({ min: 7, max: 256 })),
    minimumUppercaseLetters: fc.integer({ min: 0, max: 80 }),
    minimumLowercaseLetters: fc.integer({ min: 0, max: 80 }),
    minimumDigits: fc.integer({ min: 0, max: 80 }),
    minimumSpecialCharacters: fc.integer({ min: 0, max: 80 }),
    allowWhitespaces: fc.boolean(),
    passwordExpirationPeriodDays: fc.constant(0),
    passwordReuseFrequencyDays: fc.constant(0),
    forceUserToResetPasswordIfNotValid: fc.constant(false),
  })
  .filter((candidate) => passwordPolicySchema.safeParse(candidate).success);

describe("any policy that can be saved", () => {
  it("admits some password", () => {
    fc.assert(
      fc.property(savedPolicy, (saved) => {
        const classes =
          "A".repeat(saved.minimumUppercaseLetters) +
          "a".repeat(saved.minimumLowercaseLetters) +
          "1".repeat(saved.minimumDigits) +
          "!".repeat(saved.minimumSpecialCharacters);
        expect(checkPassword(saved, classes.padEnd(saved.minimumLength, "x"))).toEqual([]);
      }),
    );
  });

  it("says the same of a password however it is composed, and has a line in the list for what it finds", () => {
    fc.assert(
      fc.property(savedPolicy, fc.string({ unit: "grapheme", maxLength: 300 }), (saved, password) => {
        const found = checkPassword(saved, password);
        expect(checkPassword(saved, password.normalize("NFD"))).toEqual(found);
        const listed = new Set(policyRequirements(saved).map(({ code }) => code));
        for (const violation of found.filter(({ code }) => code !== "ill-formed")) {
          expect(listed).toContain(violation.code);
        }
        const order = found.map(({ code }) => requirementCodes.indexOf(code));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }),
    );
  });
});

it("what no policy admits is counted in code points as typed", () => {
  const violation = { code: "too-long", required: 256, actual: 1_025 };
  expect(checkPassword(policy({ maximumLength: null }), "😀".repeat(1_025))).toEqual([violation]);
});

describe("policyRequirements", () => {
  it.each<[string, Partial<PasswordPolicy>, string[]]>([
    ["nothing but a length", { maximumLength: 20 }, ["At least 6 characters", "At most 20 characters"]],
    [
      "all that a policy can",
      {
        maximumLength: null,
        minimumUppercaseLetters: 1,
        minimumLowercaseLetters: 2,
        minimumDigits: 1,
        minimumSpecialCharacters: 3,
        allowWhitespaces: false,
      },
      [
        "At least 6 characters",
        "At most 256 characters",
        "At least 1 uppercase letter",
        "At least 2 lowercase letters",
        "At least 1 digit",
        "At least 3 special characters",
        "No spaces",
      ],
    ],
  ])("asks %s", (_name, changes, lines) => {
    expect(policyRequirements(policy(changes)).map(({ text }) => text)).toEqual(lines);
  });
});

it.each<[RequirementCode, string]>([
  ["ill-formed", "The password contains characters that cannot be stored."],
  ["too-short", "The password must have at least 3 characters; it has 2,049."],
  ["too-long", "The password must have at most 3 characters; it has 2,049."],
  ["uppercase", "The password must have at least 3 uppercase letters; it has 2,049."],
  ["lowercase", "The password must have at least 3 lowercase letters; it has 2,049."],
  ["digits", "The password must have at least 3 digits; it has 2,049."],
  ["special", "The password must have at least 3 special characters; it has 2,049."],
  ["whitespace", "The password must not contain spaces."],
])("says of %s what is wrong", (code, text) => {
  expect(violationText({ code, required: 3, actual: 2_049 })).toBe(text);
});

describe("expiry", () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));

  it.each<
    [string, { setAt: Date; expirationPeriodDays: number; expirySwitchedOnAt: Date | null }, Date, boolean]
  >([
    ["off", { setAt: day(1), expirationPeriodDays: 0, expirySwitchedOnAt: null }, day(9999), false],
    [
      "on its last day",
      { setAt: day(1), expirationPeriodDays: 30, expirySwitchedOnAt: null },
      day(31),
      false,
    ],
    [
      "a moment later",
      { setAt: day(1), expirationPeriodDays: 30, expirySwitchedOnAt: null },
      new Date(day(31).getTime() + 1),
      true,
    ],
    [
      "counted from when expiry was switched on",
      { setAt: day(1), expirationPeriodDays: 30, expirySwitchedOnAt: day(20) },
      day(50),
      false,
    ],
    [
      "and over after that",
      { setAt: day(1), expirationPeriodDays: 30, expirySwitchedOnAt: day(20) },
      day(51),
      true,
    ],
    [
      "set after it was switched on",
      { setAt: day(40), expirationPeriodDays: 30, expirySwitchedOnAt: day(20) },
      day(60),
      false,
    ],
  ])("%s", (_name, input, now, expected) => {
    const at = passwordExpiresAt(input);
    expect(at !== null && now > at).toBe(expected);
  });

  it("looks back for reused passwords as far as the rule says", () => {
    expect(reuseHorizon({ passwordReuseFrequencyDays: 0 }, day(31))).toBeNull();
    expect(reuseHorizon({ passwordReuseFrequencyDays: 30 }, day(31))).toEqual(day(1));
  });
});

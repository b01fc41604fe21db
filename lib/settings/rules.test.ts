import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedFields } from "@/lib/core/changes/rules";
import { generalPolicyDefaults } from "./general/schema";
import { jwtSettingsDefaults } from "./jwt/schema";
import { mailSettingsDefaults } from "./mail/schema";
import { passwordPolicyDefaults } from "./password/schema";
import {
  describeGeneralPolicy,
  describeJwtSettings,
  describeMailSettings,
  describePasswordPolicy,
  mergeEdits,
} from "./rules";

describe("mergeEdits", () => {
  const base = { a: 1, b: 1, c: 1 };

  it.each([
    ["disjoint edits join", { ...base, a: 2 }, { ...base, b: 2 }, { a: 2, b: 2, c: 1 }, []],
    ["the same edit is no conflict", { ...base, a: 2 }, { ...base, a: 2 }, { ...base, a: 2 }, []],
    ["different edits of one field are", { ...base, a: 2 }, { ...base, a: 3 }, { ...base, a: 3 }, ["a"]],
    ["undoing what they kept changes nothing of theirs", base, { ...base, c: 9 }, { ...base, c: 9 }, []],
  ])("%s", (_name, mine, theirs, merged, conflicts) => {
    expect(mergeEdits(base, mine, theirs)).toEqual({ merged, conflicts });
  });

  it("keeps each side's edits where the other made none", () => {
    const values = fc.record({ a: fc.integer(), b: fc.integer(), c: fc.boolean() });
    fc.assert(
      fc.property(values, values, values, (from, mine, theirs) => {
        const { merged, conflicts } = mergeEdits(from, mine, theirs);
        const mineOnly = changedFields(from, mine).filter((key) => theirs[key] === from[key]);
        for (const key of mineOnly) expect(merged[key]).toBe(mine[key]);
        for (const key of changedFields(from, theirs)) expect(merged[key]).toBe(theirs[key]);
        for (const key of conflicts) expect(mine[key]).not.toBe(theirs[key]);
      }),
    );
  });
});

describe("what the settings do, in words", () => {
  const product = <A, B, C, D>(as: readonly A[], bs: readonly B[], cs: readonly C[], ds: readonly D[]) =>
    as.flatMap((a) => bs.flatMap((b) => cs.flatMap((c) => ds.map((d) => [a, b, c, d] as const))));

  it("locks: every combination of limit, duration and who is told", () => {
    const limits = [
      [null, null],
      [0, null],
      [1, "After 1 wrong password an account is locked "],
      [100, "After 100 wrong passwords an account is locked "],
    ] as const;
    const durations = [
      [
        null,
        "until an administrator or its owner unlocks it, that of the last administrator for 30 minutes; ",
      ],
      [1, "for 1 minute; "],
      [90, "for 1 hour 30 minutes; "],
      [43_200, "for 30 days; "],
    ] as const;
    for (const [limit, duration, email, notifyOwnerOnLockout] of product(
      limits,
      durations,
      [null, "ops@example.org"],
      [true, false],
    )) {
      const told = [...(email ? [email] : []), ...(notifyOwnerOnLockout ? ["the owner"] : [])];
      const notice =
        told.length === 2 ? "ops@example.org and the owner are told. " : `${told[0] ?? "nobody"} is told. `;
      const sentence = describeGeneralPolicy({
        ...generalPolicyDefaults,
        maxFailedLoginAttempts: limit[0],
        lockoutDurationMinutes: duration[0],
        userLockoutNotificationEmail: email,
        notifyOwnerOnLockout,
      });
      const rest =
        "One network address can try 60 logins per minute. Activation links expire after 24 hours, reset links after 24 hours.";
      const lock =
        limit[1] === null ? "Wrong passwords never lock an account. " : limit[1] + duration[1] + notice;
      expect(sentence).toBe(lock + rest);
    }
  });

  it("passwords: every combination of expiry, reuse, blanks and force", () => {
    for (const [expiry, reuse, blanks, force] of product(
      [
        [0, "It never expires "],
        [1, "It expires after 1 day "],
        [90, "It expires after 90 days "],
      ] as const,
      [
        [0, "and an old one can be used again. "],
        [1, "and cannot be reused for 1 day. "],
        [365, "and cannot be reused for 365 days. "],
      ] as const,
      [
        [true, ". "],
        [false, ", without spaces. "],
      ] as const,
      [
        [
          true,
          "Anyone who logs in with a password that breaks these rules, you included, must reset it by e-mail.",
        ],
        [false, "Existing passwords stay valid, even if they break these rules."],
      ] as const,
    )) {
      const sentence = describePasswordPolicy({
        ...passwordPolicyDefaults,
        passwordExpirationPeriodDays: expiry[0],
        passwordReuseFrequencyDays: reuse[0],
        allowWhitespaces: blanks[0],
        forceUserToResetPasswordIfNotValid: force[0],
      });
      expect(sentence).toBe(
        `A new password has 12 to 128 characters${blanks[1]}${expiry[1]}${reuse[1]}${force[1]}`,
      );
    }
  });

  it("passwords: every combination of what they must contain", () => {
    const classes = [
      ["minimumUppercaseLetters", "uppercase letter"],
      ["minimumLowercaseLetters", "lowercase letter"],
      ["minimumDigits", "digit"],
      ["minimumSpecialCharacters", "special character"],
    ] as const;
    const counts = [0, 1, 2];
    for (const minimums of product(counts, counts, counts, counts)) {
      const policy = { ...passwordPolicyDefaults };
      const asked: string[] = [];
      for (const [index, [field, noun]] of classes.entries()) {
        const n = minimums[index] ?? 0;
        policy[field] = n;
        if (n > 0) asked.push(`${n} ${noun}${n > 1 ? "s" : ""}`);
      }
      const listed = new Intl.ListFormat("en-GB", { type: "conjunction" }).format(asked);
      expect(describePasswordPolicy(policy)).toContain(
        `12 to 128 characters${listed && `, with at least ${listed}`}. It never`,
      );
    }
  });

  it.each([
    [{}, "After 5 wrong passwords an account is locked for 30 minutes; the owner is told."],
    [{ loginAttemptsPerAddressPerMinute: 0 }, "Logins from one network address are not limited."],
    [{ userActivationTokenTtl: 1 }, "Activation links expire after 1 hour, reset links after 24 hours."],
  ])("general policy %j", (changes, expected) => {
    expect(describeGeneralPolicy({ ...generalPolicyDefaults, ...changes })).toContain(expected);
  });

  it.each([
    [{}, "A new password has 12 to 128 characters. It never expires"],
    [{ maximumLength: null }, "12 to 256 characters"],
    [{ minimumDigits: 1, minimumUppercaseLetters: 2 }, "with at least 2 uppercase letters and 1 digit"],
  ])("password policy %j", (changes, expected) => {
    expect(describePasswordPolicy({ ...passwordPolicyDefaults, ...changes })).toContain(expected);
  });

  it("JWT security", () => {
    expect(describeJwtSettings(jwtSettingsDefaults)).toBe(
      "A token expires after 2 hours 30 minutes and is renewed automatically; after 7 days without a renewal, a person must log in again.",
    );
  });

  /** Returns the fields whose value makes no difference to the sentence. */
  function untold<Values extends object>(values: Values, told: (values: Values) => string): string[] {
    const another = (value: unknown) =>
      typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : "ops@example.org";
    return Object.entries(values)
      .filter(([name, value]) => told({ ...values, [name]: another(value) }) === told(values))
      .map(([name]) => name);
  }

  it("each field is told, except two that make no difference to people", () => {
    expect(untold(generalPolicyDefaults, describeGeneralPolicy)).toEqual(["mobileSecretKeyLength"]);
    expect(untold(passwordPolicyDefaults, describePasswordPolicy)).toEqual([]);
    expect(untold(jwtSettingsDefaults, describeJwtSettings)).toEqual(["tokenIssuer"]);
  });

  const readable = " Anyone on the network can read the password.";
  const failing = " There is no password, so the login will fail.";
  it.each<[Partial<Parameters<typeof describeMailSettings>[0] & { hasPassword: boolean }>, string]>([
    [{ host: null }, "There is no mail server: mail waits in the outbox, and links can be copied instead."],
    [{}, "Mail goes to smtp.example.org on port 587, encrypted with STARTTLS, without a login."],
    [{ tls: "none" }, "Mail goes to smtp.example.org on port 587, unencrypted, without a login."],
    [
      { tls: "none", user: "gate" },
      `Mail goes to smtp.example.org on port 587, unencrypted, logging in as gate.${readable}`,
    ],
    [
      { tls: "none", user: "gate", hasPassword: false },
      `Mail goes to smtp.example.org on port 587, unencrypted, logging in as gate.${failing}`,
    ],
    [
      { user: "gate", hasPassword: false },
      `Mail goes to smtp.example.org on port 587, encrypted with STARTTLS, logging in as gate.${failing}`,
    ],
    [
      { tls: "tls", port: 465, user: "gate" },
      "Mail goes to smtp.example.org on port 465, encrypted with TLS, logging in as gate.",
    ],
    [
      { tls: "auto", user: "gate" },
      "Mail goes to smtp.example.org on port 587, encrypted where the server offers it, logging in as gate.",
    ],
  ])("mail server %j", ({ hasPassword = true, ...changes }, expected) => {
    const settings = { ...mailSettingsDefaults, host: "smtp.example.org", ...changes };
    expect(describeMailSettings(settings, hasPassword)).toBe(expected);
  });
});

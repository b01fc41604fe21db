import { describe, expect, it } from "vitest";
import { fieldErrorsOf } from "@/lib/core/field-errors";
import { generalPolicyDefaults, generalPolicyEditSchema } from "./general/schema";
import { jwtSettingsDefaults } from "./jwt/schema";
import { passwordPolicyDefaults } from "./password/schema";
import { allPanels, type Panel, panelDefaults, panelSchemas } from "./schema";

const errors = (panel: Panel, changes: object): Record<string, string> => {
  const { error } = panelSchemas[panel].safeParse({ ...panelDefaults[panel], ...changes });
  const found = Object.entries(error ? fieldErrorsOf(error) : {});
  return Object.fromEntries(found.map(([field, messages]) => [field, messages.join("\n")]));
};

it.each(allPanels)("the defaults of %s can be saved", (panel) => {
  expect(errors(panel, {})).toEqual({});
});

/** The documented defaults. */
const defaults: { [P in Panel]: (typeof panelDefaults)[P] } = {
  general: {
    maxFailedLoginAttempts: 5,
    userLockoutNotificationEmail: null,
    userActivationTokenTtl: 24,
    passwordResetTokenTtl: 24,
    mobileSecretKeyLength: 64,
    lockoutDurationMinutes: 30,
    notifyOwnerOnLockout: true,
    loginAttemptsPerAddressPerMinute: 60,
  },
  password: {
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
  },
  jwt: { tokenIssuer: "gatehouse", tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 },
  mail: { host: null, port: 587, tls: "starttls", user: null, fromAddress: null },
};

it.each(allPanels)("the defaults of %s are the ones that are promised", (panel) => {
  expect(panelDefaults[panel]).toEqual(defaults[panel]);
});

/** Field, lowest, highest with its unit, whether it may be empty. */
const bounds: [Panel, string, number, number, string, boolean][] = [
  ["general", "maxFailedLoginAttempts", 0, 100, "", true],
  ["general", "userActivationTokenTtl", 1, 24, " hours", false],
  ["general", "passwordResetTokenTtl", 1, 24, " hours", false],
  ["general", "mobileSecretKeyLength", 32, 256, " characters", false],
  ["general", "lockoutDurationMinutes", 1, 43_200, " minutes", true],
  ["general", "loginAttemptsPerAddressPerMinute", 0, 10_000, "", true],
  ["password", "minimumLength", 6, 50, " characters", false],
  ["password", "passwordExpirationPeriodDays", 0, 3_650, " days", false],
  ["password", "passwordReuseFrequencyDays", 0, 3_650, " days", false],
  ["mail", "port", 1, 65_535, "", false],
];

describe.each(bounds)("%s.%s", (panel, field, min, max, unit, optional) => {
  it(`takes ${min} to ${max}`, () => {
    expect(errors(panel, { [field]: min })).toEqual({});
    expect(errors(panel, { [field]: max })).toEqual({});
  });

  it.each([
    min - 1,
    max + 1,
    min + 0.5,
    -1e9,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "5",
    "",
    true,
    [],
    {},
    undefined,
  ])("refuses %j", (value) => {
    const message = errors(panel, { [field]: value })[field];
    const [least, most] = [min, max].map((n) => n.toLocaleString("en-US"));
    expect(message).toMatch(new RegExp(` must be a whole number from ${least} to ${most}${unit}[,.]`));
    if (typeof value === "number" && !Number.isNaN(value)) expect(message).toContain(`not ${value}`);
    else expect(message).not.toContain("NaN");
    expect(message, "reported once").not.toContain("\n");
    expect(message).not.toMatch(/in digits only|“”/);
    // The unit comes after the bounds.
    expect(message).not.toMatch(/(?:\)|in days) must/);
  });

  it("shows an invisible character, which comes with pasted text", () => {
    expect(errors(panel, { [field]: "\u200b12" })[field]).toMatch(/, not “\\u\{200B\}12”\.$/);
  });

  it.each(["1,000", "43.200", "2 147 483 647", "9’000"])("says of %j that digits stand alone", (value) => {
    expect(errors(panel, { [field]: value })[field]).toMatch(
      new RegExp(`, in digits only, not “${value}”\\.$`),
    );
  });

  it(optional ? "may be empty" : "must not be empty", () => {
    expect(Object.keys(errors(panel, { [field]: null }))).toEqual(optional ? [] : [field]);
  });
});

it.each<[Panel, string, string]>([
  ["general", "notifyOwnerOnLockout", "Tell the account’s owner"],
  ["password", "allowWhitespaces", "Allow whitespace"],
  ["password", "forceUserToResetPasswordIfNotValid", "Force to reset password if not valid"],
])("%s.%s is true or false", (panel, field, label) => {
  const refused = (input: string) => ({ [field]: `${label} must be true or false${input}.` });
  expect([true, false].map((value) => errors(panel, { [field]: value }))).toEqual([{}, {}]);
  expect(errors(panel, { [field]: "yes" })).toEqual(refused(", not “yes”"));
  expect(errors(panel, { [field]: 1 })).toEqual(refused(", not 1"));
  expect(errors(panel, { [field]: null })).toEqual(refused(""));
});

it.each([
  [`${"a".repeat(23)}😀 and so on`, `“${"a".repeat(23)}\ufffd…”`],
  ["5\ud83d", "“5\ufffd”"],
])("no half of a character is quoted from %j", (entered, quoted) => {
  expect(errors("general", { mobileSecretKeyLength: entered }).mobileSecretKeyLength).toMatch(
    new RegExp(`, not ${quoted}\\.$`),
  );
});

describe("password policy, field against field", () => {
  it.each<[string, object, Record<string, string>]>([
    ["the maximum above the minimum", { minimumLength: 12, maximumLength: 13 }, {}],
    [
      "the maximum at the minimum",
      { minimumLength: 12, maximumLength: 12 },
      { maximumLength: "Maximum password length must be greater than the minimum length, 12; it is 12." },
    ],
    ["no maximum", { minimumLength: 50, maximumLength: null }, {}],
    ["the largest maximum", { maximumLength: 256 }, {}],
    [
      "one more",
      { maximumLength: 257 },
      { maximumLength: "Maximum password length must be a whole number from 7 to 256 characters, not 257." },
    ],
    [
      "a maximum below any, which is not compared as well",
      { minimumLength: 12, maximumLength: 6 },
      { maximumLength: "Maximum password length must be a whole number from 7 to 256 characters, not 6." },
    ],
    ["minimums that just fit", { maximumLength: 20, minimumDigits: 10, minimumUppercaseLetters: 10 }, {}],
    [
      "minimums that do not",
      { maximumLength: 20, minimumDigits: 10, minimumUppercaseLetters: 11 },
      { minimumUppercaseLetters: "The four minimums add up to 21, more than the maximum length, 20." },
    ],
    [
      "minimums of a thousand",
      {
        maximumLength: null,
        minimumUppercaseLetters: 250,
        minimumLowercaseLetters: 250,
        minimumDigits: 250,
        minimumSpecialCharacters: 250,
      },
      {
        minimumUppercaseLetters: "The four minimums add up to 1,000, more than the maximum length, 256.",
      },
    ],
    ["one minimum at the maximum", { maximumLength: 20, minimumDigits: 20 }, {}],
    [
      "one minimum above the maximum",
      { maximumLength: 20, minimumDigits: 21 },
      { minimumDigits: "Minimum number of digits must not exceed the maximum length, 20; it is 21." },
    ],
    [
      "one minimum above any maximum",
      { maximumLength: null, minimumDigits: 257 },
      { minimumDigits: "Minimum number of digits must be a whole number from 0 to 256, not 257." },
    ],
  ])("%s", (_name, changes, expected) => {
    expect(errors("password", { ...passwordPolicyDefaults, ...changes })).toEqual(expected);
  });
});

describe("rules between fields are reported together with errors in other fields:", () => {
  const lengths = { minimumLength: 12, maximumLength: 12 };
  const digits = { maximumLength: 20, minimumDigits: 21 };
  const sums = { maximumLength: 20, minimumDigits: 11, minimumUppercaseLetters: 10 };
  const lives = { tokenExpirationTime: 900, refreshTokenExpTime: 900 };
  it.each(allPanels)("values that are no object are refused without an exception: %s", (panel) => {
    for (const nothing of [undefined, null, "", 7, [], new Date()]) {
      expect(panelSchemas[panel].safeParse(nothing).success).toBe(false);
    }
  });

  it.each<[Panel, object, string[]]>([
    ["password", { ...lengths, minimumDigits: "1.5" }, ["maximumLength", "minimumDigits"]],
    [
      "password",
      { ...lengths, passwordExpirationPeriodDays: -1 },
      ["maximumLength", "passwordExpirationPeriodDays"],
    ],
    ["password", { ...digits, minimumUppercaseLetters: "" }, ["minimumDigits", "minimumUppercaseLetters"]],
    ["password", { ...digits, minimumLength: null }, ["minimumDigits", "minimumLength"]],
    [
      "password",
      { ...sums, passwordReuseFrequencyDays: 3_651 },
      ["minimumDigits", "passwordReuseFrequencyDays"],
    ],
    ["jwt", { ...lives, tokenIssuer: null }, ["refreshTokenExpTime", "tokenIssuer"]],
    // A rule between fields is checked only when the fields it reads are valid.
    ["password", { minimumLength: "12", maximumLength: 12 }, ["minimumLength"]],
    ["password", { ...sums, minimumDigits: "eleven" }, ["minimumDigits"]],
    ["password", { ...sums, maximumLength: "20" }, ["maximumLength"]],
    ["password", { ...digits, maximumLength: "20" }, ["maximumLength"]],
    ["jwt", { ...lives, tokenExpirationTime: "900" }, ["tokenExpirationTime"]],
  ])("%s %j", (panel, changes, fields) => {
    expect(Object.keys(errors(panel, changes)).sort()).toEqual(fields);
  });

  it("a field that is invalid by itself is not compared as well", () => {
    const { refreshTokenExpTime } = errors("jwt", { ...lives, refreshTokenExpTime: "900" });
    expect(refreshTokenExpTime).toMatch(/must be a whole number from .* not “900”\.$/);
  });
});

describe("JWT security", () => {
  it.each<[string, object, string[]]>([
    ["the shortest lives", { tokenExpirationTime: 60, refreshTokenExpTime: 900 }, []],
    [
      "a second less",
      { tokenExpirationTime: 59, refreshTokenExpTime: 899 },
      ["tokenExpirationTime", "refreshTokenExpTime"],
    ],
    ["the longest", { tokenExpirationTime: 2_147_483_646, refreshTokenExpTime: 2_147_483_647 }, []],
    ["a second more", { refreshTokenExpTime: 2_147_483_648 }, ["refreshTokenExpTime"]],
    [
      "a refresh time no longer than the token's",
      { tokenExpirationTime: 900, refreshTokenExpTime: 900 },
      ["refreshTokenExpTime"],
    ],
    ["an issuer of 255 characters", { tokenIssuer: "i".repeat(255) }, []],
    ["of 256", { tokenIssuer: "i".repeat(256) }, ["tokenIssuer"]],
    ["of none", { tokenIssuer: "" }, ["tokenIssuer"]],
    ["of blanks", { tokenIssuer: " \u3000" }, ["tokenIssuer"]],
    ["that nobody can see", { tokenIssuer: "\u200b \u3164\u2060" }, ["tokenIssuer"]],
    ["with an invisible character", { tokenIssuer: "a\u200b" }, []],
    ["with a line break", { tokenIssuer: "a\nb" }, ["tokenIssuer"]],
    ["with a line break beyond ASCII", { tokenIssuer: "a\u0085b" }, ["tokenIssuer"]],
    ["with half of a character", { tokenIssuer: "a\ud800" }, ["tokenIssuer"]],
  ])("%s", (_name, changes, fields) => {
    expect(Object.keys(errors("jwt", { ...jwtSettingsDefaults, ...changes }))).toEqual(fields);
  });

  it.each([
    [{ tokenIssuer: null }, "Enter an issuer name."],
    [{ tokenIssuer: " " }, "Issuer name must not be blank."],
    [{ tokenIssuer: "a\nb" }, "Issuer name must not contain control characters."],
    [{ tokenIssuer: "i".repeat(256) }, "Issuer name must have at most 255 characters."],
    [
      { tokenExpirationTime: 59 },
      "Token expiration time must be a whole number from 60 to 2,147,483,647 seconds, not 59.",
    ],
    [
      { refreshTokenExpTime: 899 },
      "Refresh token expiration time must be a whole number from 900 to 2,147,483,647 seconds, not 899.",
    ],
    [
      { refreshTokenExpTime: 9_000 },
      "Refresh token expiration time must be greater than the token expiration time, 9,000 seconds; it is 9,000.",
    ],
  ])("says of %j what is wrong", (changes, message) => {
    expect(Object.values(errors("jwt", changes))).toEqual([message]);
  });
});

describe("mail server", () => {
  it.each<[string, object, string[]]>([
    ["a name", { host: "SMTP-1.Example.ORG" }, []],
    ["a name that begins with a digit", { host: "3com.example" }, []],
    ["a name of one letter", { host: "a" }, []],
    ["a name of 253 characters", { host: "a".repeat(253) }, []],
    ["of 254", { host: "a".repeat(254) }, ["host"]],
    ["of none", { host: "" }, ["host"]],
    ["an IPv4 address", { host: "192.0.2.25" }, []],
    ["an IPv6 address", { host: "2001:db8::25" }, []],
    ["in brackets", { host: "[2001:db8::25]" }, ["host"]],
    ["a name with its port", { host: "smtp.example.org:25" }, ["host"]],
    ["with a scheme", { host: "smtp://smtp.example.org" }, ["host"]],
    ["with a line break", { host: "smtp.example.org\r\nQUIT" }, ["host"]],
    ["at the end", { host: "smtp.example.org\n" }, ["host"]],
    ["with a dot at the end", { host: "smtp.example.org." }, ["host"]],
    ["with a dash at the beginning", { host: "-smtp.example.org" }, ["host"]],
    ["an encryption that there is not", { tls: "auto" }, ["tls"]],
    ["a user name of 255 characters", { user: "u".repeat(255) }, []],
    ["of 256", { user: "u".repeat(256) }, ["user"]],
    ["with a line break", { user: "gate\r\nQUIT" }, ["user"]],
    ["with half of a character", { user: "gate\ud800" }, ["user"]],
    ["a sender", { fromAddress: "gate@example.org" }, []],
    ["two of them", { fromAddress: "gate@example.org,b@example.org" }, ["fromAddress"]],
  ])("%s", (_name, changes, fields) => {
    expect(Object.keys(errors("mail", changes))).toEqual(fields);
  });

  it("quotes what is no server's name", () => {
    expect(errors("mail", { host: "smtp.example.org:25" })).toEqual({
      host: "Server must be a host name or an IP address without a port, like smtp.example.org, not “smtp.example.org:25”.",
    });
  });
});

describe("an e-mail address among other fields", () => {
  it.each([
    ["nobody, nowhere", "must be one e-mail address, like ops@example.org, not “nobody, nowhere”."],
    [`${"a".repeat(250)}@example.org`, "must have at most 254 characters."],
    [
      "user@пример.рф",
      "must be one e-mail address, like ops@example.org, not “user@пример.рф”. “п” is not accepted; a domain with such letters has an “xn--” form.",
    ],
    [
      "ops@example.org\u200b",
      "must be one e-mail address, like ops@example.org, not “ops@example.org\\u{200B}”.",
    ],
    [7, "must be one e-mail address, like ops@example.org, not 7."],
  ])("%j is refused by the field's name", (entered, words) => {
    const found = errors("general", { ...generalPolicyDefaults, userLockoutNotificationEmail: entered });
    expect(found).toEqual({ userLockoutNotificationEmail: `Notification on account lockout ${words}` });
  });

  it("may be left out of the general policy", () => {
    expect(errors("general", { ...generalPolicyDefaults, userLockoutNotificationEmail: null })).toEqual({});
    expect(Object.keys(errors("general", { userLockoutNotificationEmail: "" }))).toEqual([
      "userLockoutNotificationEmail",
    ]);
  });
});

describe("the version that values were edited from", () => {
  it.each([
    [0, true],
    [2_147_483_647, true],
    [2_147_483_648, false],
    [-1, false],
    [1.5, false],
  ])("%d is taken: %s", (version, isTaken) => {
    expect(generalPolicyEditSchema.safeParse({ version, values: generalPolicyDefaults }).success).toBe(
      isTaken,
    );
  });
});

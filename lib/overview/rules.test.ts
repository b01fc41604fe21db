import { describe, expect, it } from "vitest";
import { type Attention, type AttentionFacts, attentionOf, lastTwoDays, mailFieldsInForce } from "./rules";

const until = new Date("2026-03-08T12:00:00Z");
const later = new Date("2026-03-09T12:00:00Z");

/** An installation in which nothing needs attention. */
const calm: AttentionFacts = {
  damaged: { general: [], password: [], jwt: [], mail: [] },
  general: { maxFailedLoginAttempts: 5, loginAttemptsPerAddressPerMinute: 60 },
  password: { forceUserToResetPasswordIfNotValid: true },
  mail: { hasServer: true, waiting: 3, retried: 0, failed: 0 },
  accounts: { locked: 0, invited: 4, expiredInvitations: 0 },
  hasOtherAdministrator: true,
  verifyingKeys: [],
};
const noServer = { ...calm.mail, hasServer: false };
const mayStay = { forceUserToResetPasswordIfNotValid: false };

describe("attentionOf", () => {
  it("finds nothing where all is well", () => {
    expect(attentionOf(calm)).toEqual([]);
  });

  it.each<[string, Partial<AttentionFacts>, Attention[]]>([
    [
      "damaged settings, by panel",
      { damaged: { ...calm.damaged, password: ["minimumLength"], mail: ["port", "tls"] } },
      [
        { code: "settings-damaged", panel: "password", fields: ["minimumLength"] },
        { code: "settings-damaged", panel: "mail", fields: ["port", "tls"] },
      ],
    ],
    ["no mail server", { mail: noServer, password: mayStay }, [{ code: "no-mail-server", waiting: 3 }]],
    [
      "no mail server while resets are required",
      { mail: noServer },
      [{ code: "resets-not-mailed" }, { code: "no-mail-server", waiting: 3 }],
    ],
    [
      "locked accounts",
      { accounts: { ...calm.accounts, locked: 2 } },
      [{ code: "accounts-locked", accounts: 2 }],
    ],
    ["mail that is retried", { mail: { ...calm.mail, retried: 2 } }, [{ code: "mails-retried", mails: 2 }]],
    ["mail that has failed", { mail: { ...calm.mail, failed: 1 } }, [{ code: "mails-failed", mails: 1 }]],
    [
      "a limit of attempts that is 0",
      { general: { ...calm.general, maxFailedLoginAttempts: 0 } },
      [{ code: "never-locks" }],
    ],
    [
      "a limit of attempts that is empty",
      { general: { ...calm.general, maxFailedLoginAttempts: null } },
      [{ code: "never-locks" }],
    ],
    [
      "a limit per address that is empty",
      { general: { ...calm.general, loginAttemptsPerAddressPerMinute: null } },
      [{ code: "no-address-limit" }],
    ],
    ["a single administrator", { hasOtherAdministrator: false }, [{ code: "only-administrator" }]],
    [
      "earlier keys, until the last one retires",
      {
        verifyingKeys: [
          { until: later, sessions: 2, isOnlyIssuer: true },
          { until, sessions: 3, isOnlyIssuer: false },
        ],
      },
      [{ code: "old-keys-accepted", keys: 2, sessions: 5, until: later, onlyIssuers: false }],
    ],
    [
      "an earlier issuer of the key that signs",
      { verifyingKeys: [{ until, sessions: 1, isOnlyIssuer: true }] },
      [{ code: "old-keys-accepted", keys: 1, sessions: 1, until, onlyIssuers: true }],
    ],
    [
      "expired invitations",
      { accounts: { ...calm.accounts, expiredInvitations: 1 } },
      [{ code: "invitations-expired", expired: 1, invited: 4 }],
    ],
  ])("finds %s, and nothing else", (_name, change, found) => {
    expect(attentionOf({ ...calm, ...change })).toEqual(found);
  });

  it("names the most urgent first", () => {
    const everything = attentionOf({
      damaged: { ...calm.damaged, jwt: ["tokenIssuer"] },
      general: { maxFailedLoginAttempts: 0, loginAttemptsPerAddressPerMinute: 0 },
      password: calm.password,
      mail: { ...noServer, failed: 1, retried: 1 },
      accounts: { locked: 1, invited: 1, expiredInvitations: 1 },
      hasOtherAdministrator: false,
      verifyingKeys: [{ until, sessions: 0, isOnlyIssuer: false }],
    });
    expect(everything.map(({ code }) => code)).toEqual([
      "settings-damaged",
      "resets-not-mailed",
      "accounts-locked",
      "no-mail-server",
      "mails-retried",
      "mails-failed",
      "never-locks",
      "no-address-limit",
      "only-administrator",
      "old-keys-accepted",
      "invitations-expired",
    ]);
  });
});

it("the last two days meet, and the later one ends now", () => {
  const now = new Date("2026-03-29T12:00:00Z");
  const yesterday = new Date("2026-03-28T12:00:00Z");
  expect(lastTwoDays(now)).toEqual({
    now: { from: yesterday, until: now },
    before: { from: new Date("2026-03-27T12:00:00Z"), until: yesterday },
  });
});

it.each([
  ["all of them", null, null, ["host", "tls", "fromAddress"]],
  ["the sender, if SMTP_URL names the server", {}, null, ["fromAddress"]],
  ["the server, if MAIL_FROM names the sender", null, "gate@example.org", ["host", "tls"]],
  ["none, if both are set", {}, "gate@example.org", []],
])("the fields of the mail panel in force are %s", (_name, server, from, fields) => {
  expect(mailFieldsInForce(["host", "tls", "fromAddress"], { server, from })).toEqual(fields);
});

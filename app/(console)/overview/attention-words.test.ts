import { describe, expect, it } from "vitest";
import { COUNT_LIMIT } from "@/lib/core/count/rules";
import type { Attention } from "@/lib/overview/rules";
import { attentionWords } from "./attention-words";

const until = new Date("2026-03-08T12:00:00Z");

describe("attentionWords", () => {
  it.each<[Attention, string, string]>([
    [
      { code: "settings-damaged", panel: "password", fields: ["minimumLength", "minimumDigits"] },
      "Stored values of “Password policy” are damaged: the default is in effect for “Minimum password length”, “Minimum number of digits”.",
      "/settings/security#password",
    ],
    [
      { code: "settings-damaged", panel: "mail", fields: ["host", "port", "tls"] },
      "Stored values of “Mail server” are damaged: the default is in effect for “Server”, “Port”, “Encryption”.",
      "/settings/mail",
    ],
    [
      { code: "settings-damaged", panel: "mail", fields: ["host", "port", "tls", "user"] },
      "Stored values of “Mail server” are damaged: the default is in effect for 4 settings.",
      "/settings/mail",
    ],
    // The issuer that counts is the key's own.
    [
      { code: "settings-damaged", panel: "jwt", fields: ["tokenIssuer"] },
      "Stored values of “JWT security” are damaged: tokens keep the issuer name that is stored with their key.",
      "/settings/security#jwt",
    ],
    [
      { code: "settings-damaged", panel: "jwt", fields: ["tokenIssuer", "tokenExpirationTime"] },
      "Stored values of “JWT security” are damaged: the default is in effect for “Token expiration time (sec)”; tokens keep the issuer name that is stored with their key.",
      "/settings/security#jwt",
    ],
    [
      { code: "resets-not-mailed" },
      "Anyone whose password breaks the rules needs a reset link, which cannot be mailed: they cannot log in until somebody gives them a copied one.",
      "/settings/security#forceUserToResetPasswordIfNotValid",
    ],
    [
      { code: "accounts-locked", accounts: 1 },
      "1 account is locked after too many wrong passwords.",
      "/users?state=locked",
    ],
    [
      { code: "accounts-locked", accounts: COUNT_LIMIT + 1 },
      "100,000+ accounts are locked after too many wrong passwords.",
      "/users?state=locked",
    ],
    [
      { code: "no-mail-server", waiting: 0 },
      "No mail server is set up, so no mail can be sent.",
      "/settings/mail",
    ],
    [
      { code: "no-mail-server", waiting: 1 },
      "No mail server is set up: 1 message waits in the outbox.",
      "/settings/mail",
    ],
    [
      { code: "no-mail-server", waiting: 1_200 },
      "No mail server is set up: 1,200 messages wait in the outbox.",
      "/settings/mail",
    ],
    [
      { code: "no-mail-server", waiting: COUNT_LIMIT + 1 },
      "No mail server is set up: 100,000+ messages wait in the outbox.",
      "/settings/mail",
    ],
    [
      { code: "mails-retried", mails: 1 },
      "1 message could not be delivered yet. Gatehouse keeps trying.",
      "/mail?state=QUEUED",
    ],
    [
      { code: "mails-failed", mails: 2 },
      "2 messages could not be delivered, and can be sent again by hand.",
      "/mail?state=FAILED",
    ],
    [
      { code: "never-locks" },
      "Wrong passwords never lock an account, so that anyone can go on guessing.",
      "/settings/security#maxFailedLoginAttempts",
    ],
    [
      { code: "no-address-limit" },
      "One network address can try any number of logins.",
      "/settings/security#loginAttemptsPerAddressPerMinute",
    ],
    [
      { code: "only-administrator" },
      "You are the only administrator who can log in. If you lose your password and cannot be mailed a reset link, only somebody with access to the server can help.",
      "/users/new",
    ],
    [
      { code: "old-keys-accepted", keys: 1, sessions: 1, until, onlyIssuers: false },
      "The earlier signing key is still accepted, for 1 live session. It retires on",
      "/settings/security#key-ring",
    ],
    [
      { code: "old-keys-accepted", keys: 2, sessions: 0, until, onlyIssuers: false },
      "2 earlier signing keys are still accepted, but no live session needs them. The last one retires on",
      "/settings/security#key-ring",
    ],
    [
      { code: "old-keys-accepted", keys: 1, sessions: 4, until, onlyIssuers: true },
      "The earlier issuer name is still accepted, for 4 live sessions. It retires on",
      "/settings/security#key-ring",
    ],
    [
      { code: "invitations-expired", expired: 1, invited: 1 },
      "1 invited person has no activation link that works.",
      "/users?state=invited-without-link",
    ],
    [
      { code: "invitations-expired", expired: 1, invited: 3 },
      "1 of 3 invited people has no activation link that works.",
      "/users?state=invited-without-link",
    ],
    [
      { code: "invitations-expired", expired: 3, invited: 3 },
      "3 invited people have no activation link that works.",
      "/users?state=invited-without-link",
    ],
    [
      { code: "invitations-expired", expired: 3, invited: 1_000 },
      "3 of 1,000 invited people have no activation link that works.",
      "/users?state=invited-without-link",
    ],
  ])("words %j", (item, text, href) => {
    expect(attentionWords(item)).toMatchObject({ text, href });
  });

  it("names each step so that it makes sense in a list of links", () => {
    const steps = (["password", "mail"] as const).map(
      (panel) => attentionWords({ code: "settings-damaged", panel, fields: ["host"] }).step,
    );
    expect(steps).toEqual(["Check Password policy", "Check Mail server"]);
  });

  it.each<[Attention, string]>([
    [{ code: "accounts-locked", accounts: 1 }, "Show the account"],
    [{ code: "accounts-locked", accounts: 2 }, "Show locked accounts"],
    [{ code: "invitations-expired", expired: 1, invited: 3 }, "Show the account"],
    [{ code: "invitations-expired", expired: 2, invited: 3 }, "Show these people"],
  ])("names in the step to %j how many there are to see", (item, step) => {
    expect(attentionWords(item).step).toBe(step);
  });

  it("ends the sentence about a key with the time when it retires", () => {
    const item = { code: "old-keys-accepted", keys: 1, sessions: 1, until, onlyIssuers: false } as const;
    expect(attentionWords(item).at).toBe(until);
  });
});

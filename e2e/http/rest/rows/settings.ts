import { randomBytes } from "node:crypto";
import { readToken } from "../claims";
import type { Answer } from "../promises";
import { expect, outcome, type Row, type Stage } from "../rest-test";
import { expectPair, PASSWORD } from "./login";

const SECURITY = "/api/admin/securitySettings";
const JWT = "/api/admin/jwtSettings";
const MINUTE_MS = 60_000;

const administrator = ({ signedIn }: Stage, now?: Date) => signedIn({ authority: "SYS_ADMIN" }, now);

/** The rows for callers who may not make a call. */
export const guarded = (body?: object): Row[] => [
  { what: "nobody", ask: () => ({ body }), answer: [401, 10] },
  {
    what: "somebody who is no administrator",
    ask: async ({ signedIn }) => ({ token: (await signedIn({ authority: "TENANT_ADMIN" })).token, body }),
    answer: [403, 20],
  },
];

/** A save with one invalid field, which the refusal names. */
const unfit =
  (sound: object) =>
  (what: string, body: object, field: string): Row => ({
    what,
    ask: async (stage) => ({ token: (await administrator(stage)).token, body: { ...sound, ...body } }),
    answer: [400, 31],
    after: ({ json }) => expect(Object.keys(Object(json.fieldErrors))).toEqual([field]),
  });

/** The body that ThingsBoard's own form sends. */
const theirs = {
  passwordPolicy: {
    minimumLength: 8,
    maximumLength: 72,
    minimumUppercaseLetters: 1,
    minimumLowercaseLetters: 1,
    minimumDigits: 1,
    minimumSpecialCharacters: 0,
    passwordExpirationPeriodDays: 0,
    passwordReuseFrequencyDays: 30,
    allowWhitespaces: true,
    forceUserToResetPasswordIfNotValid: false,
  },
  maxFailedLoginAttempts: 3,
  userLockoutNotificationEmail: "ops@example.org",
  userActivationTokenTtl: 1,
  passwordResetTokenTtl: 24,
  mobileSecretKeyLength: 32,
};
const ours = ["lockoutDurationMinutes", "notifyOwnerOnLockout", "loginAttemptsPerAddressPerMinute"];
const unfitSecurity = unfit(theirs);

export const readSecurityRows: readonly Row[] = [
  {
    what: "both policies, in one object",
    ask: async (stage) => ({ token: (await administrator(stage)).token }),
    answer: [200, null],
    after({ json }) {
      expect(Object.keys(json).sort()).toEqual([...Object.keys(theirs), ...ours, "version"].sort());
      const rules = Object.keys(Object(json.passwordPolicy)).sort();
      expect(rules).toEqual(Object.keys(theirs.passwordPolicy).sort());
    },
  },
  ...guarded(),
];

export const saveSecurityRows: readonly Row[] = [
  {
    what: "what ThingsBoard's form sends, without a version",
    ask: async (stage) => ({ token: (await administrator(stage)).token, body: theirs }),
    answer: [200, null],
    async after({ json }, { rest }) {
      expect(json).toMatchObject(theirs);
      const policy = await rest.call("GET", "/api/noauth/userPasswordPolicy");
      expect(policy.json, "in force on the next request").toEqual(theirs.passwordPolicy);
    },
  },
  {
    what: "the version in force",
    async ask(stage) {
      const { token } = await administrator(stage);
      const { json } = await stage.rest.call("GET", SECURITY, { token });
      return { token, body: { ...json, maxFailedLoginAttempts: 4 } };
    },
    answer: [200, null],
    after: ({ json }) => expect(json.maxFailedLoginAttempts).toBe(4),
  },
  {
    what: "a version that somebody has saved over",
    async ask(stage) {
      const { token } = await administrator(stage);
      const { json } = await stage.rest.call("GET", SECURITY, { token });
      await stage.rest.call("POST", SECURITY, { token, body: { ...json, maxFailedLoginAttempts: 6 } });
      return { token, body: { ...json, maxFailedLoginAttempts: 7 } };
    },
    answer: [409, 35],
    async after(_, stage) {
      const { json } = await stage.rest.call("GET", SECURITY, await administrator(stage));
      expect(json.maxFailedLoginAttempts).toBe(6);
    },
  },
  unfitSecurity("a link that lives no hour", { userActivationTokenTtl: 0 }, "userActivationTokenTtl"),
  unfitSecurity("a link that lives 25 hours", { passwordResetTokenTtl: 25 }, "passwordResetTokenTtl"),
  unfitSecurity("a number as text", { maxFailedLoginAttempts: "5" }, "maxFailedLoginAttempts"),
  unfitSecurity("a secret of 31", { mobileSecretKeyLength: 31 }, "mobileSecretKeyLength"),
  unfitSecurity(
    "an address with a line break",
    { userLockoutNotificationEmail: "a@example.org\r\nBcc: b@example.org" },
    "userLockoutNotificationEmail",
  ),
  unfitSecurity(
    "a maximum at the minimum",
    { passwordPolicy: { ...theirs.passwordPolicy, maximumLength: 8 } },
    "passwordPolicy.maximumLength",
  ),
  unfitSecurity("a text for the policy", { passwordPolicy: "strict" }, "passwordPolicy"),
  ...guarded(theirs),
];

export const readJwtRows: readonly Row[] = [
  {
    what: "everything but the key",
    ask: async (stage) => ({ token: (await administrator(stage)).token }),
    answer: [200, null],
    after: ({ json }) =>
      expect(json).toEqual({
        tokenIssuer: "gatehouse",
        tokenSigningKey: null,
        keyFingerprint: expect.stringMatching(/\w/),
        tokenExpirationTime: 9_000,
        refreshTokenExpTime: 604_800,
        version: expect.any(Number),
      }),
  },
  ...guarded(),
];

const lifetimes = { tokenIssuer: "gatehouse", tokenExpirationTime: 61, refreshTokenExpTime: 901 };
const unfitJwt = unfit(lifetimes);

/** Checks that the answer to a save has a pair of tokens with which the caller stays logged in. */
async function expectToGoOn(answer: Answer, { rest }: Stage): Promise<void> {
  const email = String(readToken(answer.json.token).claims.sub);
  expectPair(answer, { email, authority: "SYS_ADMIN", lifetimes: [61, 901] });
  expect(outcome(await rest.call("GET", "/api/auth/user", { token: String(answer.json.token) }))).toEqual([
    200,
    null,
  ]);
}

/** A save of another key, while somebody else is logged in. */
async function anotherKey(stage: Stage, body: object = {}) {
  await stage.sql("UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL");
  await stage.signedIn();
  const tokenSigningKey = randomBytes(64).toString("base64");
  stage.rest.keepSecret(tokenSigningKey);
  return { token: (await administrator(stage)).token, body: { ...lifetimes, tokenSigningKey, ...body } };
}

const live = ({ sql }: Stage) => sql("SELECT FROM sessions WHERE ended_at IS NULL");
const longAgo = () => new Date(Date.now() - 6 * MINUTE_MS);

export const saveJwtRows: readonly Row[] = [
  {
    what: "other lifetimes, which the answer's pair has already",
    ask: async (stage) => ({ token: (await administrator(stage)).token, body: lifetimes }),
    answer: [200, null],
    after: expectToGoOn,
  },
  {
    what: "another key, which signs everybody else out",
    ask: anotherKey,
    answer: [200, null],
    async after(answer, stage) {
      await expectToGoOn(answer, stage);
      expect(await live(stage)).toHaveLength(1);
    },
  },
  {
    what: "another key beside the old one",
    ask: (stage) => anotherKey(stage, { keepOldKey: true }),
    answer: [200, null],
    async after(answer, stage) {
      await expectToGoOn(answer, stage);
      expect(await live(stage)).toHaveLength(2);
    },
  },
  {
    what: "another key, six minutes after the login",
    async ask(stage) {
      const { body } = await anotherKey(stage);
      const sixMinutes = { ...lifetimes, tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 };
      await stage.arrange("makeSettings", { jwt: sixMinutes });
      return { token: (await administrator(stage, longAgo())).token, body };
    },
    answer: [403, 20],
  },
  {
    what: "the same with the password",
    async ask(stage) {
      const { body } = await anotherKey(stage, { currentPassword: PASSWORD });
      return { token: (await administrator(stage, longAgo())).token, body };
    },
    answer: [200, null],
    after: expectToGoOn,
  },
  {
    what: "a version that is not in force",
    async ask(stage) {
      const { token } = await administrator(stage);
      const { json } = await stage.rest.call("GET", JWT, { token });
      return { token, body: { ...lifetimes, version: Number(json.version) - 1 } };
    },
    answer: [409, 35],
  },
  unfitJwt("a key of 63 bytes", { tokenSigningKey: Buffer.alloc(63).toString("base64") }, "tokenSigningKey"),
  unfitJwt("a key with a blank", { tokenSigningKey: ` ${"A".repeat(88)}` }, "tokenSigningKey"),
  unfitJwt("an issuer of blanks", { tokenIssuer: "   " }, "tokenIssuer"),
  unfitJwt("a token that lives 59 seconds", { tokenExpirationTime: 59 }, "tokenExpirationTime"),
  unfitJwt("a refresh time below the token's", { refreshTokenExpTime: 899 }, "refreshTokenExpTime"),
  ...guarded(lifetimes),
];

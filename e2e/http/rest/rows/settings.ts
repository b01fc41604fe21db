import { randomBytes } from "node:crypto";
import type { Answer } from "../api-document";
import { readToken } from "../claims";
import { expect, outcome, type RestTools, type Row } from "../rest-test";
import { expectPair, PASSWORD } from "./login";

const SECURITY = "/api/admin/securitySettings";
const JWT = "/api/admin/jwtSettings";
const MINUTE_MS = 60_000;

const administrator = ({ signedIn }: RestTools, now?: Date) => signedIn({ authority: "SYS_ADMIN" }, now);

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
const invalidSave =
  (sound: object) =>
  (what: string, body: object, field: string): Row => ({
    what,
    ask: async (tools) => ({ token: (await administrator(tools)).token, body: { ...sound, ...body } }),
    answer: [400, 31],
    after: ({ json }) => expect(Object.keys(Object(json.fieldErrors))).toEqual([field]),
  });

/** The body that ThingsBoard's own form sends. */
const thingsboardBody = {
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
const gatehouseFields = [
  "lockoutDurationMinutes",
  "notifyOwnerOnLockout",
  "loginAttemptsPerAddressPerMinute",
];
const invalidSecuritySave = invalidSave(thingsboardBody);

export const readSecurityRows: readonly Row[] = [
  {
    what: "both policies, in one object",
    ask: async (tools) => ({ token: (await administrator(tools)).token }),
    answer: [200, null],
    after({ json }) {
      expect(Object.keys(json).sort()).toEqual(
        [...Object.keys(thingsboardBody), ...gatehouseFields, "version"].sort(),
      );
      const rules = Object.keys(Object(json.passwordPolicy)).sort();
      expect(rules).toEqual(Object.keys(thingsboardBody.passwordPolicy).sort());
    },
  },
  ...guarded(),
];

export const saveSecurityRows: readonly Row[] = [
  {
    what: "what ThingsBoard's form sends, without a version",
    ask: async (tools) => ({ token: (await administrator(tools)).token, body: thingsboardBody }),
    answer: [200, null],
    async after({ json }, { rest }) {
      expect(json).toMatchObject(thingsboardBody);
      const policy = await rest.call("GET", "/api/noauth/userPasswordPolicy");
      expect(policy.json, "in force on the next request").toEqual(thingsboardBody.passwordPolicy);
    },
  },
  {
    what: "the version in force",
    async ask(tools) {
      const { token } = await administrator(tools);
      const { json } = await tools.rest.call("GET", SECURITY, { token });
      return { token, body: { ...json, maxFailedLoginAttempts: 4 } };
    },
    answer: [200, null],
    after: ({ json }) => expect(json.maxFailedLoginAttempts).toBe(4),
  },
  {
    what: "a version that somebody has saved over",
    async ask(tools) {
      const { token } = await administrator(tools);
      const { json } = await tools.rest.call("GET", SECURITY, { token });
      await tools.rest.call("POST", SECURITY, { token, body: { ...json, maxFailedLoginAttempts: 6 } });
      return { token, body: { ...json, maxFailedLoginAttempts: 7 } };
    },
    answer: [409, 35],
    async after(_, tools) {
      const { json } = await tools.rest.call("GET", SECURITY, await administrator(tools));
      expect(json.maxFailedLoginAttempts).toBe(6);
    },
  },
  invalidSecuritySave("a link that lives no hour", { userActivationTokenTtl: 0 }, "userActivationTokenTtl"),
  invalidSecuritySave("a link that lives 25 hours", { passwordResetTokenTtl: 25 }, "passwordResetTokenTtl"),
  invalidSecuritySave("a number as text", { maxFailedLoginAttempts: "5" }, "maxFailedLoginAttempts"),
  invalidSecuritySave("a secret of 31", { mobileSecretKeyLength: 31 }, "mobileSecretKeyLength"),
  invalidSecuritySave(
    "an address with a line break",
    { userLockoutNotificationEmail: "a@example.org\r\nBcc: b@example.org" },
    "userLockoutNotificationEmail",
  ),
  invalidSecuritySave(
    "a maximum at the minimum",
    { passwordPolicy: { ...thingsboardBody.passwordPolicy, maximumLength: 8 } },
    "passwordPolicy.maximumLength",
  ),
  invalidSecuritySave("a text for the policy", { passwordPolicy: "strict" }, "passwordPolicy"),
  ...guarded(thingsboardBody),
];

export const readJwtRows: readonly Row[] = [
  {
    what: "everything but the key",
    ask: async (tools) => ({ token: (await administrator(tools)).token }),
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
const invalidJwtSave = invalidSave(lifetimes);

/** Checks that the answer to a save has a pair of tokens with which the caller stays logged in. */
async function expectToGoOn(answer: Answer, { rest }: RestTools): Promise<void> {
  const email = String(readToken(answer.json.token).claims.sub);
  expectPair(answer, { email, authority: "SYS_ADMIN", lifetimes: [61, 901] });
  expect(outcome(await rest.call("GET", "/api/auth/user", { token: String(answer.json.token) }))).toEqual([
    200,
    null,
  ]);
}

/** A save of another key, while somebody else is logged in. */
async function anotherKey(tools: RestTools, body: object = {}) {
  await tools.sql("UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL");
  await tools.signedIn();
  const tokenSigningKey = randomBytes(64).toString("base64");
  tools.rest.keepSecret(tokenSigningKey);
  return { token: (await administrator(tools)).token, body: { ...lifetimes, tokenSigningKey, ...body } };
}

const live = ({ sql }: RestTools) => sql("SELECT FROM sessions WHERE ended_at IS NULL");
const longAgo = () => new Date(Date.now() - 6 * MINUTE_MS);

export const saveJwtRows: readonly Row[] = [
  {
    what: "other lifetimes, which the answer's pair has already",
    ask: async (tools) => ({ token: (await administrator(tools)).token, body: lifetimes }),
    answer: [200, null],
    after: expectToGoOn,
  },
  {
    what: "another key, which signs everyone else out",
    ask: anotherKey,
    answer: [200, null],
    async after(answer, tools) {
      await expectToGoOn(answer, tools);
      expect(await live(tools)).toHaveLength(1);
    },
  },
  {
    what: "another key beside the old one",
    ask: (tools) => anotherKey(tools, { keepOldKey: true }),
    answer: [200, null],
    async after(answer, tools) {
      await expectToGoOn(answer, tools);
      expect(await live(tools)).toHaveLength(2);
    },
  },
  {
    what: "another key, six minutes after the login",
    async ask(tools) {
      const { body } = await anotherKey(tools);
      const sixMinutes = { ...lifetimes, tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 };
      await tools.arrange("makeSettings", { jwt: sixMinutes });
      return { token: (await administrator(tools, longAgo())).token, body };
    },
    answer: [403, 20],
  },
  {
    what: "the same with the password",
    async ask(tools) {
      const { body } = await anotherKey(tools, { currentPassword: PASSWORD });
      return { token: (await administrator(tools, longAgo())).token, body };
    },
    answer: [200, null],
    after: expectToGoOn,
  },
  {
    what: "a version that is not in force",
    async ask(tools) {
      const { token } = await administrator(tools);
      const { json } = await tools.rest.call("GET", JWT, { token });
      return { token, body: { ...lifetimes, version: Number(json.version) - 1 } };
    },
    answer: [409, 35],
  },
  invalidJwtSave(
    "a key of 63 bytes",
    { tokenSigningKey: Buffer.alloc(63).toString("base64") },
    "tokenSigningKey",
  ),
  invalidJwtSave("a key with a blank", { tokenSigningKey: ` ${"A".repeat(88)}` }, "tokenSigningKey"),
  invalidJwtSave("an issuer of blanks", { tokenIssuer: "   " }, "tokenIssuer"),
  invalidJwtSave("a token that lives 59 seconds", { tokenExpirationTime: 59 }, "tokenExpirationTime"),
  invalidJwtSave("a refresh time below the token's", { refreshTokenExpTime: 899 }, "refreshTokenExpTime"),
  ...guarded(lifetimes),
];

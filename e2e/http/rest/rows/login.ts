import { createHash } from "node:crypto";
import type { Answer } from "../api-document";
import { readToken } from "../claims";
import { expect, outcome, type RestTools, type Row } from "../rest-test";

export const PASSWORD = "correct horse battery staple";
export const NEW_PASSWORD = "another battery staple";
export const NULL_ID = "13814000-1dd2-11b2-8080-808080808080";
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const DAY_MS = 86_400_000;

const login = (username: unknown, password: unknown = PASSWORD) => ({ body: { username, password } });

/** Everything that could distinguish an answer, without the parts that differ between any two. */
function comparable({ status, headers, json }: Answer): string {
  const { timestamp: _, ...body } = json;
  const { date: __, "x-request-id": ___, "content-security-policy": ____, ...rest } = headers;
  return JSON.stringify([status, body, rest]);
}

async function refused(tools: RestTools, username: string, password: string): Promise<string> {
  return comparable(await tools.rest.call("POST", "/api/auth/login", login(username, password)));
}

/** Checks the claims and lifetimes of a pair of tokens against what the API promises. */
export function expectPair(
  { json }: Answer,
  user: { id?: string; email: string; authority?: string; lifetimes?: readonly [number, number] },
): void {
  const { id = expect.stringMatching(UUID), email, authority = "CUSTOMER_USER" } = user;
  const [access, refresh] = user.lifetimes ?? [9_000, 604_800];
  expect(Object.keys(json).sort()).toEqual(["refreshToken", "token"]);
  const header = { alg: "HS512", typ: "JWT", kid: expect.stringMatching(UUID) };
  const common = {
    sub: email,
    userId: id,
    sessionId: expect.stringMatching(UUID),
    jti: expect.stringMatching(UUID),
    iss: "gatehouse",
    iat: expect.any(Number),
    exp: expect.any(Number),
    isPublic: false,
  };
  const token = readToken(json.token);
  expect(token.header).toEqual(header);
  expect(token.claims).toEqual({
    ...common,
    scopes: [authority],
    firstName: "Ada",
    lastName: "Lovelace",
    enabled: true,
    tenantId: NULL_ID,
    customerId: NULL_ID,
  });
  expect(Number(token.claims.exp) - Number(token.claims.iat)).toBe(access);
  const refreshToken = readToken(json.refreshToken);
  expect(refreshToken.header).toEqual(header);
  expect(refreshToken.claims).toEqual({ ...common, scopes: ["REFRESH_TOKEN"] });
  expect(Number(refreshToken.claims.exp) - Number(refreshToken.claims.iat)).toBe(refresh);
}

const malformed: [string, unknown][] = [
  ["nothing", {}],
  ["no password", { username: "ada@example.org" }],
  ["an empty password", { username: "ada@example.org", password: "" }],
  ["an empty name", { username: "", password: PASSWORD }],
  ["a number for a name", { username: 7, password: PASSWORD }],
  ["a list for a password", { username: "ada@example.org", password: [PASSWORD] }],
  ["an object for a password", { username: "ada@example.org", password: { $ne: "" } }],
  ["true for a password", { username: "ada@example.org", password: true }],
  ["nulls", { username: null, password: null }],
  ["a list", []],
  ["a text", '"x"'],
  ["a number", "1e999"],
  ["null", "null"],
];

export const loginRows: readonly Row[] = [
  {
    what: "the right password",
    ask: async ({ arrange }) => login((await arrange("makeUser", { email: "ada@example.org" })).email),
    answer: [200, null],
    after: (answer) => expectPair(answer, { email: "ada@example.org" }),
  },
  { what: "the address in capitals", ask: () => login("ADA@Example.org"), answer: [200, null] },
  {
    what: "with fields that there are not",
    ask: () => ({ body: { ...login("ada@example.org").body, publicId: 1, __x: {} } }),
    answer: [200, null],
  },
  {
    what: "the lifetimes in force",
    async ask({ arrange }) {
      await arrange("makeSettings", { jwt: { tokenExpirationTime: 61, refreshTokenExpTime: 901 } });
      return login("ada@example.org");
    },
    answer: [200, null],
    after: (answer) => expectPair(answer, { email: "ada@example.org", lifetimes: [61, 901] }),
  },
  {
    what: "wrong, unknown, locked, disabled and not activated are told the same",
    ask: () => login("nobody@example.org"),
    answer: [401, 10],
    async after(unknown, tools) {
      await tools.arrange("makeUser", { email: "locked@example.org", lockedAt: new Date() });
      await tools.arrange("makeUser", { email: "disabled@example.org", state: "DISABLED" });
      await tools.arrange("makeUser", { email: "invited@example.org", state: "INVITED" });
      expect(await refused(tools, "ada@example.org", "a wrong password")).toBe(comparable(unknown));
      for (const name of ["locked", "disabled", "invited"]) {
        expect(await refused(tools, `${name}@example.org`, PASSWORD), name).toBe(comparable(unknown));
      }
    },
  },
  ...malformed.map(([what, body]): Row => ({ what, ask: () => ({ body }), answer: [401, 10] })),
  {
    what: "the last of too many wrong passwords",
    async ask(tools) {
      for (let n = 1; n < 5; n += 1) await refused(tools, "locking@example.org", `wrong guess ${n}`);
      const { email } = await tools.arrange("makeUser", { email: "locking@example.org" });
      for (let n = 1; n < 5; n += 1) await refused(tools, email, `wrong guess ${n}`);
      return login(email, "wrong guess 5");
    },
    answer: [401, 10],
    async after(wrong, tools) {
      expect(await refused(tools, "locking@example.org", PASSWORD)).toBe(comparable(wrong));
      expect(await tools.sql("SELECT FROM users WHERE locked_at > now() - interval '1 minute'")).toHaveLength(
        2,
      );
    },
  },
  {
    what: "an expired password, with what replaces it",
    async ask({ arrange }) {
      const expirySwitchedOnAt = new Date(Date.now() - 9 * DAY_MS);
      await arrange(
        "makeSettings",
        { password: { passwordExpirationPeriodDays: 1 } },
        { expirySwitchedOnAt },
      );
      await arrange("makeUser", {
        email: "old@example.org",
        passwordSetAt: new Date(Date.now() - 2 * DAY_MS),
      });
      return login("old@example.org");
    },
    answer: [401, 15],
    async after({ json }, { rest }) {
      expect(json.resetToken).toMatch(/^[\w-]{40,}$/);
      const wrong = await rest.call("POST", "/api/auth/login", login("old@example.org", "a wrong password"));
      expect(outcome(wrong)).toEqual([401, 10]);
      const body = { resetToken: json.resetToken, password: NEW_PASSWORD };
      expect(outcome(await rest.call("POST", "/api/noauth/resetPassword", { body }))).toEqual([200, null]);
      expect(outcome(await rest.call("POST", "/api/noauth/resetPassword", { body }))).toEqual([400, 31]);
      const next = await rest.call("POST", "/api/auth/login", login("old@example.org", NEW_PASSWORD));
      expect(outcome(next)).toEqual([200, null]);
    },
  },
  {
    what: "a password that the policy no longer admits",
    async ask({ arrange }) {
      const password = { minimumLength: 40, forceUserToResetPasswordIfNotValid: true };
      await arrange("makeSettings", { password: { ...password, passwordExpirationPeriodDays: 0 } });
      return login((await arrange("makeUser", { email: "unfit@example.org" })).email);
    },
    answer: [401, 45],
    async after({ json }, { arrange }) {
      expect(json).not.toHaveProperty("resetToken");
      const mails = (await arrange("readMails")).filter(({ recipient }) => recipient === "unfit@example.org");
      expect(mails.map(({ kind }) => kind)).toEqual(["password-reset-forced"]);
    },
  },
  {
    what: "an account that never locks and is tried too often, from wherever",
    async ask({ arrange, sql }) {
      await arrange("makeSettings", { general: { maxFailedLoginAttempts: null } });
      await sql(
        "INSERT INTO rate_limits (key, points, expire) VALUES ($1, 600, extract(epoch FROM now()) * 1000 + 60000)",
        `account:${createHash("sha256").update("crowded@example.org").digest("hex")}`,
      );
      return login("Crowded@example.org");
    },
    answer: [429, 33],
  },
  {
    what: "an address that tries too often",
    async ask({ arrange }) {
      await arrange("makeSettings", { general: { loginAttemptsPerAddressPerMinute: 1 } });
      return login("ada@example.org");
    },
    answer: [429, 33],
  },
];

import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { changePasswordForTokens } from "@/lib/auth/service/token-login";
import { db, pool } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { makeSettings, makeUser, PASSWORD } from "../support/accounts";
import { emptyDatabase } from "../support/database";
import { useMailServer } from "../support/mail";
import { call, outcome, routeFiles, type Sent, tokensOf } from "../support/rest";

const NEW_PASSWORD = "another battery staple";
const DAY_MS = 86_400_000;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});
afterAll(emptyDatabase);

const login = (body: unknown, sent: Sent = {}) => call("POST", "/api/auth/login", { ...sent, body });
const change = (token: string, body: unknown) => call("POST", "/api/auth/changePassword", { token, body });
const isLive = async (token: string) => (await call("GET", "/api/auth/user", { token })).status === 200;

describe("POST /api/auth/login", () => {
  it("gives a pair, and begins a session of a program", async () => {
    const user = await makeUser();
    const { status, json } = await login({
      username: user.email.toUpperCase(),
      password: PASSWORD,
      extra: 1,
    });
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(["refreshToken", "token"]);
    expect(await isLive(String(json.token))).toBe(true);
    expect(await db().session.findMany()).toMatchObject([{ kind: "REST", userId: user.id }]);
    expect(await db().auditEvent.findMany({ where: { kind: "login-succeeded" } })).toMatchObject([
      { subjectEmail: user.email, details: { how: "REST" } },
    ]);
  });

  it("says the same of whoever cannot log in, whatever the reason", async () => {
    await makeUser({ email: "right@example.org" });
    await makeUser({ email: "invited@example.org", state: "INVITED" });
    await makeUser({ email: "disabled@example.org", state: "DISABLED" });
    await makeUser({ email: "locked@example.org", lockedAt: new Date() });
    const answers = [];
    for (const name of ["right", "invited", "disabled", "locked", "unknown"]) {
      const password = name === "right" ? "wrong" : PASSWORD;
      const { status, json, headers } = await login({ username: `${name}@example.org`, password });
      const { timestamp: _, ...body } = json;
      answers.push(JSON.stringify([status, body, [...headers]]));
    }
    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(answers[0] ?? "").slice(0, 2)).toMatchObject([401, { status: 401, errorCode: 10 }]);
  });

  it.each<[string, unknown]>([
    ["nothing", {}],
    ["no password", { username: "a@example.org" }],
    ["an empty password", { username: "a@example.org", password: "" }],
    ["an empty user name", { username: "", password: PASSWORD }],
    ["a number for a name", { username: 7, password: PASSWORD }],
    ["a list for a password", { username: "a@example.org", password: [PASSWORD] }],
    ["an object for a password", { username: "a@example.org", password: { $ne: "" } }],
    ["null", { username: null, password: null }],
    ["a list", []],
    ["a text", '"x"'],
    ["the null of JSON", "null"],
  ])("takes %s for a failed authentication, and for no attempt", async (_name, body) => {
    expect(outcome(await login(body))).toEqual([401, 10]);
    expect(await db().auditEvent.count({ where: { kind: "login-failed" } })).toBe(0);
  });

  it("locks like any other login, and unlocks nothing", async () => {
    const { email: username } = await makeUser();
    for (let n = 0; n < 5; n += 1)
      expect(outcome(await login({ username, password: "x" }))).toEqual([401, 10]);
    expect(outcome(await login({ username, password: PASSWORD }))).toEqual([401, 10]);
    expect(await db().auditEvent.count({ where: { kind: "account-locked" } })).toBe(1);
  });

  it("tells an address that tries too often when to come back", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 1 } });
    const sent = { address: "198.51.100.9" };
    await login({ username: "a@example.org", password: "x" }, sent);
    const got = await login({ username: "a@example.org", password: "x" }, sent);
    expect(outcome(got)).toEqual([429, 33]);
    expect(Number(got.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("answers an expired password with what replaces it, once", async () => {
    await makeSettings(
      { password: { passwordExpirationPeriodDays: 1 } },
      { expirySwitchedOnAt: new Date(Date.now() - 9 * DAY_MS) },
    );
    const user = await makeUser({ passwordSetAt: new Date(Date.now() - 2 * DAY_MS) });
    const wrong = await login({ username: user.email, password: "wrong" });
    expect(outcome(wrong)).toEqual([401, 10]);
    const got = await login({ username: user.email, password: PASSWORD });
    expect(outcome(got)).toEqual([401, 15]);
    const body = { resetToken: got.json.resetToken, password: NEW_PASSWORD };
    expect(outcome(await call("POST", "/api/noauth/resetPassword", { body }))).toEqual([200, null]);
    expect(outcome(await call("POST", "/api/noauth/resetPassword", { body }))).toEqual([400, 31]);
    expect((await login({ username: user.email, password: NEW_PASSWORD })).status).toBe(200);
  });

  it("answers an unfit password by mail, and says so where mails are sent", async () => {
    await makeSettings({ password: { minimumLength: 40, forceUserToResetPasswordIfNotValid: true } });
    const user = await makeUser();
    const unmailed = await login({ username: user.email, password: PASSWORD });
    expect(outcome(unmailed)).toEqual([401, 45]);
    expect(unmailed.json.message).toContain("ask your administrator for a reset link");
    await useMailServer({});
    const { json } = await login({ username: user.email, password: PASSWORD });
    expect(json.message).toBe("The password violates the policy. A reset link was mailed.");
    expect(await db().outboxMessage.findMany()).toMatchObject([{ kind: "password-reset-forced" }]);
  });
});

describe("POST /api/auth/logout", () => {
  it("ends the session with both tokens, and nobody else's", async () => {
    const mine = await tokensOf();
    const other = await tokensOf();
    const got = await call("POST", "/api/auth/logout", { token: mine.token });
    expect([got.status, got.text]).toEqual([200, ""]);
    expect(outcome(await call("GET", "/api/auth/user", { token: mine.token }))).toEqual([401, 11]);
    const body = { refreshToken: mine.refreshToken };
    expect(outcome(await call("POST", "/api/auth/token", { body }))).toEqual([401, 11]);
    expect(await isLive(other.token)).toBe(true);
  });
});

describe("GET /api/auth/user", () => {
  it("describes whose token it is", async () => {
    const { user, token } = await tokensOf({ authority: "TENANT_ADMIN" });
    const nullId = "13814000-1dd2-11b2-8080-808080808080";
    expect((await call("GET", "/api/auth/user", { token })).json).toEqual({
      id: { entityType: "USER", id: user.id },
      createdTime: user.createdAt.getTime(),
      tenantId: { entityType: "TENANT", id: nullId },
      customerId: { entityType: "CUSTOMER", id: nullId },
      email: user.email,
      authority: "TENANT_ADMIN",
      firstName: "Ada",
      lastName: "Lovelace",
      phone: null,
      name: user.email,
      additionalInfo: {},
    });
  });

  it.each([
    ["no header", {}],
    ["an empty one", { "x-authorization": "" }],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["no token in it", { authorization: "Bearer" }],
    ["two tokens", { authorization: "Bearer a.b.c, Bearer a.b.c" }],
    ["what is none", { authorization: "Bearer ../../x" }],
  ])("refuses %s", async (_name, headers) => {
    expect(outcome(await call("GET", "/api/auth/user", { headers }))).toEqual([401, 10]);
  });

  it("takes the token from either header, X-Authorization first, and no cookie", async () => {
    const { token } = await tokensOf();
    const get = async (headers: Record<string, string>) =>
      (await call("GET", "/api/auth/user", { headers })).status;
    expect(await get({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await get({ "x-authorization": `bearer ${token}`, authorization: "Bearer a.b.c" })).toBe(200);
    expect(await get({ "x-authorization": "Bearer a.b.c", authorization: `Bearer ${token}` })).toBe(401);
    // ThingsBoard takes a blank one for none, too.
    expect(await get({ "x-authorization": " ", authorization: `Bearer ${token}` })).toBe(200);
    expect(await get({ authorization: `Basic Bearer ${token}` })).toBe(401);
    expect(await get({ authorization: `Bearer ${token} x` })).toBe(401);
    expect(await get({ cookie: `gatehouse-session=${token}` })).toBe(401);
    const browser = await tokensOf({}, { kind: "BROWSER" });
    expect(await get({ cookie: `gatehouse-session=${browser.token}` })).toBe(401);
    expect(await get({ authorization: `Bearer ${browser.token}` })).toBe(401);
  });
});

describe("POST /api/auth/changePassword", () => {
  it("says in words of our own what the body should have been", async () => {
    const { token } = await tokensOf();
    const messages: unknown[] = [];
    for (const body of ["[]", "null", "7", "{}", { currentPassword: 7, newPassword: "x".repeat(9_000) }]) {
      const answer = await change(token, body);
      expect(outcome(answer)).toEqual([400, 31]);
      messages.push(answer.json.message);
    }
    expect(messages).toEqual([
      ...Array.from({ length: 3 }, () => "The body must be a JSON object."),
      "currentPassword must be text.\nnewPassword must be text.",
      "currentPassword must be text.\nnewPassword must have at most 8,192 characters.",
    ]);
  });

  it("gives a new pair, and ends every other session and the old refresh token", async () => {
    const { user, token, refreshToken } = await tokensOf();
    const { json: other } = await login({ username: user.email, password: PASSWORD });
    const got = await change(token, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
    expect(got.status).toBe(200);
    expect(await isLive(String(other.token))).toBe(false);
    expect(await isLive(String(got.json.token))).toBe(true);
    const next = await call("POST", "/api/auth/token", { body: { refreshToken: got.json.refreshToken } });
    expect(next.status).toBe(200);
    expect(outcome(await call("POST", "/api/auth/token", { body: { refreshToken } }))).toEqual([401, 11]);
    expect((await login({ username: user.email, password: NEW_PASSWORD })).status).toBe(200);
  });

  it("leaves nothing to whoever has the old access token, and the session to its person", async () => {
    const { user, token, sessionId } = await tokensOf({}, { kind: "MOBILE" });
    const [before] = await db().session.findMany();
    const got = await change(token, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
    expect(outcome(await call("GET", "/api/auth/user", { token }))).toEqual([401, 11]);
    expect(await isLive(String(got.json.token))).toBe(true);
    const sessions = await db().session.findMany();
    expect(sessions).toMatchObject([
      { userId: user.id, kind: "MOBILE", createdAt: before?.createdAt, endedAt: null },
    ]);
    expect(sessions[0]?.id).not.toBe(sessionId);
  });

  it("changes nothing when the session ends meanwhile", async () => {
    const { user, person, sessionId } = await tokensOf();
    await db().session.update({ where: { id: sessionId }, data: { endedAt: new Date() } });
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await expect(changePasswordForTokens(person, input)).rejects.toThrow("unauthenticated");
    expect((await login({ username: user.email, password: PASSWORD })).status).toBe(200);
  });

  it("takes the token for one that was revoked, where the session ends while the call is under way", async () => {
    const { token, sessionId } = await tokensOf();
    const connections = pool();
    const ask = connections.query.bind(connections) as (...args: unknown[]) => Promise<unknown>;
    // The first query authenticates the token; the session ends right after it.
    vi.spyOn(connections, "query").mockImplementationOnce((async (...args: unknown[]) => {
      const answer = await ask(...args);
      await db().session.update({ where: { id: sessionId }, data: { endedAt: new Date() } });
      return answer;
    }) as never);
    const got = await change(token, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
    vi.restoreAllMocks();
    expect(outcome(got)).toEqual([401, 11]);
  });

  it("counts a wrong current password, and tells who tries too often when to come back", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 1 } });
    const { user, token } = await tokensOf();
    const tryWrong = () => change(token, { currentPassword: "wrong", newPassword: NEW_PASSWORD });
    expect(outcome(await tryWrong())).toEqual([400, 31]);
    const held = await tryWrong();
    expect(outcome(held)).toEqual([429, 33]);
    expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({ failedAttempts: 1 });
  });

  it("names each violation on a line, the current and a former password", async () => {
    await makeSettings({
      password: { minimumDigits: 1, minimumUppercaseLetters: 1, passwordReuseFrequencyDays: 9 },
    });
    const { token } = await tokensOf({ password: "First 1 password" });
    const from = "First 1 password";
    const poor = await change(token, { currentPassword: from, newPassword: "x" });
    expect(outcome(poor)).toEqual([400, 31]);
    expect(String(poor.json.message).split("\n")).toHaveLength(3);
    expect(outcome(await change(token, { currentPassword: from, newPassword: from }))).toEqual([400, 31]);
    const second = "Second 2 password";
    const changed = await change(token, { currentPassword: from, newPassword: second });
    const next = String(changed.json.token);
    expect(outcome(await change(next, { currentPassword: second, newPassword: from }))).toEqual([400, 31]);
  });

  it.each<[string, unknown]>([
    ["nothing", {}],
    ["numbers", { currentPassword: 1, newPassword: 2 }],
    ["what is too long", { currentPassword: PASSWORD, newPassword: "x".repeat(9_000) }],
    ["what cannot be stored", { currentPassword: PASSWORD, newPassword: `${"x".repeat(20)}\0` }],
  ])("refuses %s", async (_name, body) => {
    expect(outcome(await change((await tokensOf()).token, body))).toEqual([400, 31]);
  });
});

describe("a body", () => {
  const deep = (n: number) => `${'{"a":'.repeat(n)}1${"}".repeat(n)}`;
  it.each<[string, Sent, number[]]>([
    ["of another type", { body: "a=b", headers: { "content-type": "text/plain" } }, [415, 31]],
    [
      "of a form",
      { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
      [415, 31],
    ],
    [
      "that is compressed",
      { body: new Blob([gzipSync("{}")]), headers: { "content-encoding": "gzip" } },
      [415, 31],
    ],
    ["that says it is not", { body: "{}", headers: { "content-encoding": "Identity" } }, [401, 10]],
    ["that is missing", { headers: { "content-type": "application/json" } }, [400, 31]],
    ["that is cut off", { body: '{"username":"a' }, [400, 31]],
    ["with a comment", { body: "{} // x" }, [400, 31]],
    ["with a name twice", { body: '{"username":"a","username":"b","password":"c"}' }, [400, 31]],
    ["with a name twice, once escaped", { body: '{"a":1,"\\u0061":2}' }, [400, 31]],
    ["with __proto__", { body: '{"__proto__":{"password":"x"}}' }, [400, 31]],
    ["that is deep", { body: deep(17) }, [400, 31]],
    ["that is very deep", { body: deep(10_000) }, [400, 31]],
    ["that is not that deep", { body: deep(16) }, [401, 10]],
    ["with one name in two objects", { body: '{"a":{"x":1},"b":{"x":[{"x":"x"},"x","x"]}}' }, [401, 10]],
    ["with brackets and commas in its text", { body: `{"a":"${"[".repeat(17)}","b":"\\",\\"a"}` }, [401, 10]],
    [
      "with another charset's name",
      { body: "{}", headers: { "content-type": "Application/JSON; charset=utf-8" } },
      [401, 10],
    ],
  ])("%s", async (_name, sent, expected) => {
    expect(outcome(await call("POST", "/api/auth/login", sent))).toEqual(expected);
  });

  it("in another encoding than UTF-8 is refused with the reason", async () => {
    const body = new Blob([Buffer.from('{"password":"é"}', "latin1")]);
    expect((await call("POST", "/api/auth/login", { body })).json.message).toBe("The body is not UTF-8.");
  });

  it.each([
    ['{"a":1', "The body is not valid JSON."],
    ['{"a":1,"\\u0061":2}', "The body's JSON has a name twice in an object."],
    ['{"__proto__":1}', "The body's JSON has the name __proto__."],
    [deep(17), "The body's JSON is nested more than 16 levels deep."],
  ])("%s is refused with the reason", async (body, message) => {
    expect((await call("POST", "/api/auth/login", { body })).json.message).toBe(message);
  });
});

it.each([
  ["the database is away", { code: "ECONNREFUSED" }, [503, 2], "unavailable", "5"],
  ["something is wrong with us", {}, [500, 2], "unexpected", null],
])(
  "while %s, that is said, and the log has the request's name",
  async (_name, more, expected, code, after) => {
    const { token } = await tokensOf();
    const said = vi.spyOn(log(), "error");
    const query = vi.spyOn(pool(), "query").mockImplementation(() => {
      throw Object.assign(new Error("canary"), more);
    });
    try {
      const headers = { "x-request-id": "7b1f" };
      const answer = await call("GET", "/api/auth/user", { token, headers });
      expect(outcome(answer)).toEqual(expected);
      expect(answer.headers.get("retry-after")).toBe(after);
      expect(answer.text).not.toContain("canary");
      const line = { event: "rest-call-failed", requestId: "7b1f", code, err: expect.any(Error) };
      expect(said.mock.calls).toEqual([[line]]);
    } finally {
      query.mockRestore();
      said.mockRestore();
    }
  },
);

describe("every 401", () => {
  // RFC 9110, 15.5.2, and RFC 6750, 3. Some HTTP clients fail at an answer without it.
  it.each([
    ["without a token", () => call("GET", "/api/auth/user")],
    ["with no token of ours", () => call("GET", "/api/auth/user", { token: "a.b.c" })],
    ["after a wrong password", () => login({ username: "unknown@example.org", password: "wrong" })],
  ])("%s names the scheme", async (_name, answer) => {
    const { status, headers } = await answer();
    expect([status, headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Gatehouse"']);
  });
});

describe("every route", () => {
  const own = [...routeFiles.keys()].filter((path) => path !== "/api/health" && !path.includes("["));
  it.each(own)("%s answers the methods that it does not know", async (path) => {
    const target = path.replace("{id}", "5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a");
    const got = await call("PUT", target);
    expect(outcome(got)).toEqual([405, 31]);
    const allowed = got.headers.get("allow")?.split(", ") ?? [];
    for (const method of ["GET", "POST", "DELETE", "PATCH", "OPTIONS"]) {
      if (!allowed.includes(method)) expect((await call(method, target)).status).toBe(405);
    }
  });
});

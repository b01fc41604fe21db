import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { keyFingerprint } from "@/lib/core/secrets";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { currentKey, openKey } from "@/lib/tokens/key-ring";
import { makeSettings, makeUser, PASSWORD } from "../support/accounts";
import { ADDRESS, anonymous, loggedIn } from "../support/actors";
import { countWaiting, emptyDatabase } from "../support/database";
import { call, type Got, outcome, tokensOf } from "../support/rest";
import { withStatements } from "../support/statements";
import { readToken } from "../support/tokens";
import { startWorkers, stopWorkers, type Worker } from "../support/workers";

const PATH = "/api/admin/jwtSettings";
const SIX_MINUTES_MS = 6 * 60_000;
let caller: Awaited<ReturnType<typeof tokensOf>>;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  caller = await tokensOf({ authority: "SYS_ADMIN" });
});
afterAll(emptyDatabase);

const values = jwtSettingsDefaults;
const newKey = (bytes = 64) => randomBytes(bytes).toString("base64");
const read = async () => (await call("GET", PATH, { token: caller.token })).json;
const save = (body: unknown, token = caller.token) => call("POST", PATH, { token, body });
const who = async (token: unknown) => outcome(await call("GET", "/api/auth/user", { token: String(token) }));
const refresh = async (refreshToken: unknown) =>
  outcome(await call("POST", "/api/auth/token", { body: { refreshToken } }));
const claimsOf = (token: unknown) => readToken(String(token)).claims;
const changes = () =>
  db().auditEvent.findMany({ where: { kind: "settings-changed" }, orderBy: { id: "asc" } });
/** Moves the caller's login back, so that it no longer counts as a recent proof of the password. */
const ageLogin = () =>
  db().session.update({
    where: { id: caller.sessionId },
    data: { confirmedAt: new Date(Date.now() - SIX_MINUTES_MS) },
  });

const live = [200, null];
const over = [401, 11];

async function expectOwnSessionGoesOn(got: Got): Promise<void> {
  expect(got.status).toBe(200);
  expect(Object.keys(got.json).sort()).toEqual(["refreshToken", "token"]);
  expect(claimsOf(got.json.token).sessionId).toBe(caller.sessionId);
  expect(await who(got.json.token)).toEqual(live);
  expect(await refresh(got.json.refreshToken)).toEqual(live);
}

describe("GET /api/admin/jwtSettings", () => {
  it("tells of the key its fingerprint, never the key", async () => {
    const { text, json } = await call("GET", PATH, { token: caller.token });
    const key = await currentKey(db());
    expect(json).toEqual({
      ...values,
      tokenSigningKey: null,
      keyFingerprint: key.fingerprint,
      version: expect.any(Number),
    });
    expect(text).not.toContain(Buffer.from(openKey(key).secret).toString("base64"));
  });
});

describe("POST /api/admin/jwtSettings", () => {
  it.each([
    ["null", { tokenSigningKey: null, currentPassword: null }],
    ["no", {}],
    ["what GET answered for a", { tokenSigningKey: null, keyFingerprint: "x", unknown: 1 }],
  ])("with %s key keeps it, and everyone logged in", async (_name, extra) => {
    await ageLogin();
    const other = await tokensOf();
    const { fingerprint } = await currentKey(db());
    const got = await save({ ...values, ...extra, tokenExpirationTime: 600 });
    await expectOwnSessionGoesOn(got);
    expect(claimsOf(got.json.token).exp - claimsOf(got.json.token).iat).toBe(600);
    expect(await read()).toMatchObject({ tokenExpirationTime: 600, keyFingerprint: fingerprint });
    expect(await who(caller.token)).toEqual(live);
    expect(await who(other.token)).toEqual(live);
    expect(await refresh(other.refreshToken)).toEqual(live);
  });

  it("with the key that is in force changes no key", async () => {
    const key = await currentKey(db());
    await ageLogin();
    const tokenSigningKey = Buffer.from(openKey(key).secret).toString("base64");
    await expectOwnSessionGoesOn(await save({ ...values, tokenSigningKey }));
    expect(await currentKey(db())).toEqual(key);
    expect(await changes()).toEqual([]);
  });

  it.each([
    ["another key", { tokenSigningKey: newKey() }],
    ["another issuer", { tokenIssuer: "elsewhere" }],
  ])("with %s signs everyone out but the caller's session", async (_name, change) => {
    const other = await tokensOf();
    const own = await loggedIn(caller.user, { kind: "REST" });
    const browser = await tokensOf({}, { kind: "BROWSER" });
    const got = await save({ ...values, ...change });
    await expectOwnSessionGoesOn(got);
    for (const { token } of [caller, other, own]) expect(await who(token)).toEqual(over);
    expect(await refresh(caller.refreshToken)).toEqual(over);
    expect(await refresh(other.refreshToken)).toEqual(over);
    const ended = await db().session.findMany({ where: { endedAt: { not: null } } });
    expect(ended.map(({ id }) => id).sort()).toEqual(
      [other.sessionId, own.sessionId, browser.sessionId].sort(),
    );
    expect(await db().auditEvent.findMany({ where: { kind: "sessions-ended" } })).toMatchObject([
      { details: { reason: "key-changed", sessions: 3, people: 3 } },
    ]);
  });

  it("keeps the old key for those who have tokens of it, when asked to", async () => {
    const other = await tokensOf();
    const got = await save({ ...values, tokenSigningKey: newKey(), keepOldKey: true });
    await expectOwnSessionGoesOn(got);
    expect(await who(caller.token)).toEqual(live);
    expect(await who(other.token)).toEqual(live);
    expect(await refresh(other.refreshToken)).toEqual(live);
    expect(await db().signingKey.count()).toBe(2);
  });

  it.each([
    ["nothing", {}],
    ["the lifetimes", { tokenExpirationTime: 600, refreshTokenExpTime: 3_600 }],
    ["another key", { tokenSigningKey: newKey(), keepOldKey: true }],
  ])(
    "with %s, lets whoever passes the answer over go on with the tokens they have",
    async (_name, change) => {
      const got = await save({ ...values, ...change });
      expect(got.status).toBe(200);
      const lifetime = { ...values, ...change }.refreshTokenExpTime;
      const { iat, exp } = claimsOf(got.json.refreshToken);
      expect(exp - iat).toBe(lifetime);
      const session = await db().session.findUniqueOrThrow({ where: { id: caller.sessionId } });
      expect(session.renewableUntil.getTime() - session.renewedAt.getTime()).toBe(lifetime * 1000);
      expect(await who(caller.token)).toEqual(live);
      expect(await refresh(caller.refreshToken)).toEqual(live);
      expect(await who(got.json.token)).toEqual(live);
    },
  );

  it("does not let the answer's tokens stand for a newer login", async () => {
    const before = await db().session.findUnique({ where: { id: caller.sessionId } });
    await save({ ...values, tokenSigningKey: newKey() });
    expect(await db().session.findUnique({ where: { id: caller.sessionId } })).toMatchObject({
      confirmedAt: before?.confirmedAt,
      endedAt: null,
    });
  });

  it("says the key nowhere: not in the answer, nor in the audit, nor in a dump", async () => {
    const tokenSigningKey = newKey();
    const got = await save({ ...values, tokenSigningKey });
    const secret = Buffer.from(tokenSigningKey, "base64");
    const events = await db().auditEvent.findMany();
    const stored = [events, await db().settingsRevision.findMany(), await db().signingKey.findMany()];
    const text = got.text + JSON.stringify(stored, (_, value) => (typeof value === "bigint" ? "" : value));
    for (const form of [tokenSigningKey, secret.toString("hex"), secret.toString("base64url")])
      expect(text).not.toContain(form);
    expect(text).toContain(keyFingerprint(secret));
  });

  it("refuses a version that is no longer in force; without one, replaces what is there", async () => {
    const { version } = await read();
    const change = { ...values, tokenExpirationTime: 700 };
    expect((await save({ ...change, version })).status).toBe(200);
    const stored = await read();
    expect(outcome(await save({ ...values, version }))).toEqual([409, 35]);
    expect(outcome(await save({ ...values, tokenSigningKey: newKey(), version }))).toEqual([409, 35]);
    expect(outcome(await save({ ...values, version: Number(stored.version) + 1 }))).toEqual([409, 35]);
    expect(await read()).toEqual(stored);
    expect((await save(values)).status).toBe(200);
    expect(await read()).toMatchObject(values);
  });

  it("refuses one of two that began from one version, also where they change different fields", async () => {
    const { version } = await read();
    const { both } = await db().$transaction(async (tx) => {
      // Neither can save until this transaction ends.
      await tx.$executeRaw`LOCK TABLE settings_revisions IN SHARE ROW EXCLUSIVE MODE`;
      const both = [{ tokenExpirationTime: 700 }, { refreshTokenExpTime: 700_000 }].map((change) =>
        save({ ...values, ...change, version }),
      );
      await expect.poll(countWaiting).toBe(2);
      return { both: Promise.all(both) };
    });
    expect((await both).map(outcome).sort()).toEqual([
      [200, null],
      [409, 35],
    ]);
    expect(await changes()).toHaveLength(1);
  });

  it("saves as many as come at once, one after the other", async () => {
    const lives = Array.from({ length: 30 }, (_, n) => 60 + n);
    const { answer: all, statements } = await withStatements(() =>
      Promise.all(lives.map((n) => save({ ...values, tokenExpirationTime: n }))),
    );
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    // None has met another, which a save that is tried again a few times only would hide.
    expect(statements.filter((text) => /INSERT INTO .*settings_revisions/.test(text))).toHaveLength(30);
    expect(await changes()).toHaveLength(30);
  });

  it.each<[string, object, string[]]>([
    ["a short key", { tokenSigningKey: newKey(63) }, ["tokenSigningKey"]],
    ["a long key", { tokenSigningKey: newKey(513) }, ["tokenSigningKey"]],
    ["a key that is no Base64", { tokenSigningKey: "ö".repeat(88) }, ["tokenSigningKey"]],
    ["an empty key", { tokenSigningKey: "" }, ["tokenSigningKey"]],
    ["a number for a key", { tokenSigningKey: 7 }, ["tokenSigningKey"]],
    ["a blank issuer", { tokenIssuer: "  " }, ["tokenIssuer"]],
    ["no issuer", { tokenIssuer: undefined }, ["tokenIssuer"]],
    ["a short time", { tokenExpirationTime: 59 }, ["tokenExpirationTime"]],
    ["a short refresh time", { refreshTokenExpTime: 899 }, ["refreshTokenExpTime"]],
    ["more than 32 bits", { refreshTokenExpTime: 2_147_483_648 }, ["refreshTokenExpTime"]],
    ["a text for a time", { tokenExpirationTime: "9000" }, ["tokenExpirationTime"]],
    [
      "times the wrong way round",
      { tokenExpirationTime: 900, refreshTokenExpTime: 900 },
      ["refreshTokenExpTime"],
    ],
    ["a text for a switch", { keepOldKey: "true" }, ["keepOldKey"]],
  ])("refuses %s, and names the field", async (_name, change, fields) => {
    const got = await save({ ...values, ...change });
    expect(outcome(got)).toEqual([400, 31]);
    expect(Object.keys(got.json.fieldErrors as object)).toEqual(fields);
    const key = "tokenSigningKey" in change && String(change.tokenSigningKey);
    if (key && key.length > 1) expect(got.text).not.toContain(key);
    expect(await changes()).toEqual([]);
  });
});

describe("a change of key or issuer, when the login is older than five minutes", () => {
  it.each([
    ["another key", { tokenSigningKey: newKey() }],
    ["another issuer", { tokenIssuer: "elsewhere", keepOldKey: true }],
  ])("is refused without the password: %s", async (_name, change) => {
    await ageLogin();
    expect(outcome(await save({ ...values, ...change }))).toEqual([403, 20]);
    const { json } = await call("POST", "/api/auth/token", { body: { refreshToken: caller.refreshToken } });
    expect(outcome(await save({ ...values, ...change }, String(json.token)))).toEqual([403, 20]);
    expect(await db().signingKey.count()).toBe(1);
    expect(await changes()).toEqual([]);
    // One event a minute: it is what a stolen token leaves.
    expect(await db().auditEvent.findMany({ where: { kind: "access-refused" } })).toMatchObject([
      { actorId: caller.user.id, address: ADDRESS, details: { reason: "proof-required" } },
    ]);
  });

  it("is made with it, and a wrong one counts", async () => {
    await ageLogin();
    const change = { ...values, tokenSigningKey: newKey() };
    expect(outcome(await save({ ...change, currentPassword: "wrong" }))).toEqual([400, 31]);
    expect(await db().user.findUnique({ where: { id: caller.user.id } })).toMatchObject({
      failedAttempts: 1,
    });
    expect(outcome(await save({ ...change, currentPassword: "" }))).toEqual([400, 31]);
    await expectOwnSessionGoesOn(await save({ ...change, currentPassword: PASSWORD }));
  });

  it("is made after another login", async () => {
    await ageLogin();
    const body = { username: caller.user.email, password: PASSWORD };
    const { json } = await call("POST", "/api/auth/login", { body });
    const got = await save({ ...values, tokenSigningKey: newKey() }, String(json.token));
    expect(await who(got.json.token)).toEqual(live);
  });
});

describe("on two processes", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(1);
  });
  afterAll(() => stopWorkers(workers));
  const other = () => workers[0] as Worker;

  it("whoever is signed out by one is so on the other, on the next call; the caller is not", async () => {
    const victim = await tokensOf();
    const bearer = (token: string) => other().call("authenticateBearer", token, anonymous());
    expect(await bearer(victim.token)).toMatchObject({ ok: true });
    const got = await save({ ...values, tokenSigningKey: newKey() });
    expect(await bearer(victim.token)).toEqual({ ok: false, code: "token-expired" });
    expect(await bearer(caller.token)).toEqual({ ok: false, code: "token-expired" });
    expect(await bearer(String(got.json.token))).toMatchObject({ ok: true });
    const { email } = await makeUser();
    const login = await other().call("logIn", anonymous(), { email, password: PASSWORD, kind: "REST" });
    expect(await who(login.ok && login.token)).toEqual(live);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nextTokens } from "@/lib/auth/service/token-login";
import { db } from "@/lib/core/db";
import { onePerProcess } from "@/lib/core/one-per-process";
import { createRowTurns } from "@/lib/core/row-turns";
import { showSigningKey } from "@/lib/jwt-security/service/signing-key";
import { readSpent } from "@/lib/sessions/rules";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { lockSessionRow } from "@/lib/sessions/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { makeSettings, PASSWORD } from "../support/accounts";
import { administrator, anonymous } from "../support/actors";
import { countWaiting, emptyDatabase } from "../support/database";
import { hold } from "../support/hold";
import { call, outcome, tokensOf } from "../support/rest";
import { encode, forge, readToken, signed } from "../support/tokens";
import { startWorkers, stopWorkers, type Worker } from "../support/workers";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);
const claimsOf = (token: string) => readToken(token).claims;

const refresh = (refreshToken: string, now = NOW) => refreshTokens(anonymous(), { refreshToken }, now);
const bearer = (token: string, now = NOW) => authenticateBearer(token, anonymous(), now);
const waitingForTurn = () =>
  onePerProcess<{ waiting: number }>("refreshes").get(() => ({ waiting: 0 })).waiting;
const invalid = { ok: false, code: "unauthenticated" };
const over = { ok: false, code: "token-expired" };

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

describe("a pair of tokens", () => {
  it("carries the claims that ThingsBoard's clients read, and verifies with the shown key elsewhere", async () => {
    const { token, refreshToken, user, sessionId } = await tokensOf({}, { now: NOW });
    const shown = await showSigningKey(await administrator(), { password: PASSWORD });
    const key = Buffer.from(shown.ok ? shown.key : "", "base64");
    const { kid } = await currentKey(db());
    for (const each of [token, refreshToken]) {
      const [header, claims] = each.split(".");
      expect(signed(`${header}.${claims}`, key)).toBe(each);
      expect(readToken(each).header).toEqual({ alg: "HS512", kid, typ: "JWT" });
    }
    expect(claimsOf(refreshToken)).toEqual({
      sub: user.email,
      userId: user.id,
      scopes: ["REFRESH_TOKEN"],
      sessionId,
      isPublic: false,
      iss: "gatehouse",
      iat: NOW.getTime() / 1000,
      exp: NOW.getTime() / 1000 + 604_800,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(claimsOf(token)).toMatchObject({
      scopes: ["CUSTOMER_USER"],
      sessionId,
      exp: claimsOf(token).iat + 9_000,
    });
  });

  it("lives as the settings say when it is issued", async () => {
    const { refreshToken } = await tokensOf({}, { now: NOW });
    await makeSettings({ jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
    const next = await refresh(refreshToken, at(1_000));
    if (!next.ok) throw new Error(next.code);
    for (const [token, seconds] of [
      [next.token, 60],
      [next.refreshToken, 900],
    ] as const) {
      const { iat, exp } = claimsOf(token);
      expect(exp - iat).toBe(seconds);
    }
  });

  it("is never taken one for the other, nor in place of a browser's", async () => {
    const { token, refreshToken } = await tokensOf({}, { now: NOW });
    const browser = await tokensOf({}, { now: NOW, kind: "BROWSER" });
    expect(browser.refreshToken).toBe("");
    expect(await bearer(refreshToken)).toEqual(invalid);
    expect(await refresh(token)).toEqual(invalid);
    expect(await bearer(browser.token)).toEqual(invalid);
    expect(await authenticate(token, "BROWSER", anonymous(), NOW)).toBeNull();
    expect(await authenticate(refreshToken, "REST", anonymous(), NOW)).toBeNull();
    expect(await bearer(token)).toMatchObject({ ok: true });
    // Nor does anybody learn by it that its session has ended.
    await db().session.updateMany({ data: { endedAt: NOW } });
    expect(await bearer(browser.token)).toEqual(invalid);
    expect(await bearer(token)).toEqual(over);
  });
});

describe("a wrong token", () => {
  const hour = 3_600;
  const seconds = NOW.getTime() / 1000;
  type Changes = Parameters<typeof forge>[1];
  const changes: [string, Changes][] = [
    ["alg HS256", { header: { alg: "HS256" }, digest: "sha256" }],
    ["alg HS384", { header: { alg: "HS384" }, digest: "sha384" }],
    ["alg RS256 with our digest", { header: { alg: "RS256" } }],
    ["alg none with our digest", { header: { alg: "none" } }],
    ["another key", { secret: "x".repeat(64) }],
    ["another installation's issuer", { claims: { iss: "thingsboard.io" } }],
    ["another type", { header: { typ: "at+jwt" } }],
    ["an unknown kid", { header: { kid: randomUUID() } }],
    ["an empty kid", { header: { kid: "" } }],
    ["a path as kid", { header: { kid: "../../dev/null" } }],
    ["a number as kid", { header: { kid: 7 } }],
    ["exp as text", { claims: { exp: String(seconds + hour) } }],
    ["exp as fraction", { claims: { exp: seconds + hour + 0.5 } }],
    ["exp in the far future", { claims: { exp: seconds + 2 ** 31 } }],
    ["iat as text", { claims: { iat: String(seconds) } }],
    ["iat in the far future", { claims: { iat: seconds + 10 * hour } }],
    ["not yet valid", { claims: { nbf: seconds + hour } }],
    ["no exp", { claims: { exp: undefined } }],
    ["no jti", { claims: { jti: undefined } }],
    ["no sub", { claims: { sub: undefined } }],
    ["another user", { claims: { userId: randomUUID() } }],
    ["scopes as text", { claims: { scopes: "SYS_ADMIN" } }],
    ["two scopes", { claims: { scopes: ["REFRESH_TOKEN", "SYS_ADMIN"] } }],
    ["an unknown session", { claims: { sessionId: "x" } }],
    ["longer than any of ours", { claims: { more: "x".repeat(4_096) } }],
    ["a critical header", { header: { crit: ["x"], x: 1 } }],
  ];

  it.each(changes)("is refused: %s", async (_name, change) => {
    const { token, refreshToken } = await tokensOf({}, { now: NOW });
    expect(await bearer(await forge(token, change))).toEqual(invalid);
    expect(await refresh(await forge(refreshToken, change))).toEqual(invalid);
    expect(await refresh(refreshToken)).toMatchObject({ ok: true });
  });

  it("is refused without a signature, and with a changed payload", async () => {
    const { token } = await tokensOf({ authority: "CUSTOMER_USER" }, { now: NOW });
    const [header, claims, signature] = token.split(".");
    const withMoreScopes = encode({ ...claimsOf(token), scopes: ["SYS_ADMIN"] });
    for (const each of [
      `${encode({ alg: "none", typ: "JWT" })}.${claims}.`,
      `${header}.${withMoreScopes}.${signature}`,
      `${header}.${claims}.`,
      "a.b.c",
      "",
      "x".repeat(10_000),
    ]) {
      expect(await bearer(each)).toEqual(invalid);
    }
  });

  it.each(["jku", "x5u", "jwk"])("gains nothing by %s", async (name) => {
    const { token } = await tokensOf({}, { now: NOW });
    const secret = "y".repeat(64);
    const header = { [name]: name === "jwk" ? { kty: "oct", k: encode(secret) } : "http://localhost/keys" };
    expect(await bearer(await forge(token, { header, secret }))).toEqual(invalid);
  });

  it("made elsewhere with the right key opens no ended session", async () => {
    const { token, sessionId } = await tokensOf({}, { now: NOW });
    await db().session.update({ where: { id: sessionId }, data: { endedAt: NOW } });
    expect(await bearer(await forge(token, { claims: { jti: randomUUID() } }))).toEqual(over);
  });

  it("that was right once has expired or was revoked", async () => {
    const { token, refreshToken, user } = await tokensOf({}, { now: NOW });
    expect(await bearer(token, at(9_001_000))).toEqual(over);
    expect(await refresh(refreshToken, at(604_801_000))).toEqual(over);
    await db().user.update({ where: { id: user.id }, data: { state: "DISABLED" } });
    expect(await bearer(token)).toEqual(over);
    await db().user.delete({ where: { id: user.id } });
    expect(await bearer(token)).toEqual(over);
    expect(await refresh(refreshToken)).toEqual(over);
    const never = { secret: "another key" };
    expect(await bearer(await forge(token, never))).toEqual(invalid);
    expect(await refresh(await forge(refreshToken, never))).toEqual(invalid);
  });

  it("of a retired key is refused from that moment on", async () => {
    const { token, refreshToken } = await tokensOf({}, { now: NOW });
    await db().signingKey.updateMany({ data: { verifyUntil: at(1_000) } });
    expect(await bearer(token, at(999))).toMatchObject({ ok: true });
    expect(await bearer(token, at(1_000))).toEqual(over);
    expect(await refresh(refreshToken, at(1_000))).toEqual(over);
  });
});

describe("a refresh token", () => {
  it("is used up by its use; whoever uses it within ten seconds is led to its successor", async () => {
    const { refreshToken, token } = await tokensOf({}, { now: NOW });
    const first = await refresh(refreshToken, at(100));
    // A second short of the grace period: the database measures it by its own clock, which goes on during the test.
    const late = await refresh(refreshToken, at(9_000));
    if (!first.ok || !late.ok) throw new Error("refused");
    expect(first.refreshToken).not.toBe(refreshToken);
    expect(late.refreshToken).toBe(first.refreshToken);
    expect(late.token).not.toBe(first.token);
    for (const each of [token, first.token, late.token])
      expect(await bearer(each, at(9_100))).toMatchObject({ ok: true });
  });

  it("leads to the newest when others have gone on meanwhile", async () => {
    const { refreshToken } = await tokensOf({}, { now: NOW });
    const second = await refresh(refreshToken, at(100));
    const third = await refresh(second.ok ? second.refreshToken : "", at(200));
    expect(await refresh(refreshToken, at(300))).toMatchObject({
      ok: true,
      refreshToken: third.ok ? third.refreshToken : "",
    });
  });

  it("leads to no successor that is used up itself meanwhile", async () => {
    const { refreshToken, sessionId } = await tokensOf({}, { now: NOW });
    expect(await refresh(refreshToken, at(100))).toMatchObject({ ok: true });
    const newest = randomUUID();
    let late: ReturnType<typeof refresh> | undefined;
    await db().$transaction(async (tx) => {
      await lockSessionRow(tx, sessionId, NOW);
      late = refresh(refreshToken, at(200));
      await expect.poll(countWaiting).toBe(1);
      await tx.session.update({ where: { id: sessionId }, data: { refreshJti: newest } });
    });
    const answer = await late;
    expect(claimsOf(answer?.ok ? answer.refreshToken : "").jti).toBe(newest);
  });

  it("keeps its grace period while it waits for its turn", async () => {
    const { refreshToken, sessionId } = await tokensOf({}, { now: NOW });
    const { held: turnIsOver, release } = hold();
    const before = createRowTurns("refreshes")(sessionId, () => turnIsOver);
    const first = refresh(refreshToken, NOW);
    await expect.poll(waitingForTurn).toBe(1);
    const waiting = performance.now();
    await expect.poll(() => performance.now() - waiting).toBeGreaterThan(100);
    release();
    await Promise.all([before, first]);
    const { spentRefresh } = await db().session.findUniqueOrThrow({ where: { id: sessionId } });
    const [usedAt = 0] = Object.values(readSpent(spentRefresh));
    expect(usedAt - NOW.getTime()).toBeGreaterThan(100);
  });

  it("ends the session, with a word in the audit, when it is used again later", async () => {
    const { refreshToken, token, user, sessionId } = await tokensOf({}, { now: NOW });
    const next = await refresh(refreshToken, at(0));
    expect(await refresh(refreshToken, at(11_000))).toEqual(over);
    expect(await bearer(token, at(11_001))).toEqual(over);
    expect(await refresh(next.ok ? next.refreshToken : "", at(11_002))).toEqual(over);
    expect(await db().auditEvent.findMany({ where: { kind: "sessions-ended" } })).toMatchObject([
      { subjectEmail: user.email, details: { reason: "refresh-token-reused", sessionId, sessions: 1 } },
    ]);
  });

  it("ends the session once, however many use it again at once", async () => {
    const { refreshToken, sessionId } = await tokensOf({}, { now: NOW });
    await refresh(refreshToken, at(0));
    const late = await db().$transaction(async (tx) => {
      await lockSessionRow(tx, sessionId, NOW);
      const answers = Promise.all([1, 2].map(() => refresh(refreshToken, at(11_000))));
      await expect.poll(countWaiting).toBe(1);
      await expect.poll(waitingForTurn).toBe(1);
      return { answers };
    });
    expect(await late.answers).toEqual([over, over]);
    expect(await db().auditEvent.count({ where: { kind: "sessions-ended" } })).toBe(1);
  });

  it("works until the refresh time since the last refresh is over", async () => {
    const { refreshToken } = await tokensOf({}, { now: NOW });
    const next = await refresh(refreshToken, at(604_799_000));
    const renewed = next.ok ? next.refreshToken : "";
    expect(await refresh(renewed, at(604_799_000 + 604_800_000))).toEqual(over);
    expect(await refresh(renewed, at(604_799_000 + 604_799_000))).toMatchObject({ ok: true });
  });

  it("has expired when its own time is over, also while a later copy of it goes on", async () => {
    const { refreshToken, person } = await tokensOf({}, { now: NOW });
    const copy = (await nextTokens(person, at(1_000))).refreshToken;
    expect(claimsOf(copy).jti).toBe(claimsOf(refreshToken).jti);
    expect(await refresh(refreshToken, at(604_800_000))).toEqual(over);
    expect(await refresh(copy, at(604_800_000))).toMatchObject({ ok: true });
  });

  it("stays in the database as its jti alone", async () => {
    const { refreshToken } = await tokensOf({}, { now: NOW });
    await refresh(refreshToken, NOW);
    const stored = JSON.stringify(await db().session.findMany());
    expect(stored).toContain(claimsOf(refreshToken).jti);
    for (const part of refreshToken.split(".")) expect(stored).not.toContain(part);
  });
});

describe("on two processes", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));
  const [one, other] = [() => workers[0] as Worker, () => workers[1] as Worker];

  it("100 parallel refreshes with one token make one chain", async () => {
    const { refreshToken } = await tokensOf();
    const asked = Array.from({ length: 100 }, (_, n) =>
      (n % 2 ? one() : other()).call("refreshTokens", anonymous(), { refreshToken }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    const successors = new Set(answers.map((answer) => answer.ok && answer.refreshToken));
    expect(successors.size).toBe(1);
    const [successor] = successors;
    expect(await one().call("refreshTokens", anonymous(), { refreshToken: String(successor) })).toMatchObject(
      {
        ok: true,
      },
    );
    expect(await db().session.findMany()).toMatchObject([{ endedAt: null }]);
  });

  it("a session that one ends is over on the other, on the next call", async () => {
    const { token, person } = await tokensOf();
    expect(await other().call("authenticateBearer", token, anonymous())).toMatchObject({ ok: true });
    await one().call("logOut", person);
    expect(await other().call("authenticateBearer", token, anonymous())).toEqual(over);
  });
});

describe("POST /api/auth/token", () => {
  it.each<[string, unknown, (number | null)[]]>([
    ["nothing", {}, [401, 10]],
    ["null", { refreshToken: null }, [401, 10]],
    ["a number", { refreshToken: 7 }, [401, 10]],
    ["an empty text", { refreshToken: "" }, [401, 10]],
    ["no token", { refreshToken: "a.b.c" }, [401, 10]],
    ["a long text", { refreshToken: "a".repeat(60_000) }, [401, 10]],
    ["a list", [], [401, 10]],
  ])("answers %s as a failed authentication", async (_name, body, expected) => {
    expect(outcome(await call("POST", "/api/auth/token", { body }))).toEqual(expected);
  });

  it("gives a pair that works", async () => {
    const { refreshToken } = await tokensOf();
    const { status, json } = await call("POST", "/api/auth/token", { body: { refreshToken } });
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(["refreshToken", "token"]);
    expect((await call("GET", "/api/auth/user", { token: String(json.token) })).status).toBe(200);
  });
});

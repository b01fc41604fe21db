import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Person } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import type { RefusalCode } from "@/lib/core/errors";
import type { JwtEdit, Retirement, RollBack } from "@/lib/jwt-security/schema";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { retireSigningKey } from "@/lib/jwt-security/service/retire-key";
import { rollBackSigningKey } from "@/lib/jwt-security/service/roll-back";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { type JwtSettings, jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { keyState } from "@/lib/tokens/rules";
import {
  findVerifyingKeys,
  lockKeyRing,
  reinstateKey,
  retireVerifyingKey,
  retireVerifyingKeys,
  serializeKeyChanges,
} from "@/lib/tokens/store";
import { changeAuthority, deleteUser, disableUser } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { pagesVisited, rowsRead } from "./support/plans";
import { whileProgramsSave } from "./support/programs";

const NOW = new Date();
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const newKey = () => randomBytes(64).toString("base64");
const WEEK = 604_800;
const SLACK = 60;

let ada: Person;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  ada = (await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW })).person;
  await db().auditEvent.deleteMany();
});

type Change = Partial<Omit<JwtEdit, "values" | "version">> & { values?: Partial<JwtSettings> };

/** Saves the JWT panel with a change to its current values. */
async function save(change: Change, now: Date): Promise<void> {
  const { version, values } = (await settingsInForce()).jwt;
  const edit = { key: null, mode: null, password: null, ...change, version };
  const saved = await updateJwtSecurity(ada, { ...edit, values: { ...values, ...change.values } }, now);
  expect(saved).toMatchObject({ ok: true });
}

const rotate = (seconds = 0, values: Partial<JwtSettings> = {}) =>
  save({ key: newKey(), mode: "keep", values }, at(seconds));
const kids = async () => (await readKeyRing(ada, NOW)).keys.map(({ kid }) => kid);
const ring = async (now = NOW) => (await readKeyRing(ada, now)).keys;
const stored = (kid: string) => db().signingKey.findUniqueOrThrow({ where: { kid } });
const events = async () =>
  (await db().auditEvent.findMany({ orderBy: { id: "asc" } })).map(({ kind, details }) => ({
    kind,
    details,
  }));
const retire = (kid: string, rest: Partial<Retirement> = {}, now = NOW, actor = ada) =>
  retireSigningKey(actor, { kid, agreedSessions: null, password: null, ...rest }, now);
const rollBack = (kid: string, currentKid: string, rest: Partial<RollBack> = {}, now = NOW, actor = ada) =>
  rollBackSigningKey(actor, { kid, currentKid, isConfirmed: true, password: null, ...rest }, now);
const isAlive = async (token: string, now = NOW) =>
  (await authenticate(token, "BROWSER", anonymous(), now)) !== null;

/** Rotates the key. @returns the ids of the new key and of the earlier one, which still verifies */
async function rotated(values: Partial<JwtSettings> = {}) {
  await rotate(0, values);
  const [current = "", earlier = ""] = await kids();
  await db().auditEvent.deleteMany();
  return { current, earlier };
}

describe("the ring", () => {
  it("has one key at first, which says when it was made and since when it signs", async () => {
    const [key, ...others] = await ring();
    expect(others).toEqual([]);
    expect(key).toMatchObject({ issuer: "gatehouse", createdAt: NOW, activatedAt: NOW, verifyUntil: null });
    expect(Object.keys(key ?? {})).not.toContain("sealedKey");
  });

  it("tells of each key what it does and how many live sessions are still on it, by the clock alone", async () => {
    const bob = await makeUser();
    for (let n = 0; n < 3; n += 1) await loggedIn(bob, { now: NOW });
    await rotate(10);
    await loggedIn(bob, { now: at(20) });
    const { sessionId } = await loggedIn(bob, { now: NOW });
    await db().session.update({
      where: { id: sessionId },
      data: { kid: (await kids())[1] ?? "", endedAt: at(25) },
    });
    const end = at(10 + WEEK + SLACK);
    const at0 = await ring(at(30));
    expect(at0.map((key) => keyState(key, at(30)).state)).toEqual(["current", "verifying"]);
    expect(at0.map(({ sessions }) => sessions)).toEqual([0, 4]);
    expect(at0[0]?.activatedAt).toEqual(at(10));
    expect(at0[1]?.verifyUntil).toEqual(end);
    expect((await ring(new Date(end.getTime() - 1)))[1]?.sessions).toBe(0);
    const retired = (await ring(end))[1];
    expect(retired && keyState(retired, end)).toEqual({ state: "retired", at: end, by: "time" });
  });

  it("is read without a look at the sessions on the key that signs, however many there are", async () => {
    const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
    await db().$executeRaw`
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
      SELECT gen_random_uuid(), user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent
      FROM sessions CROSS JOIN generate_series(1, 2000) WHERE id = ${sessionId}::uuid`;
    // As after a rotation: PostgreSQL still expects them all on any key, and by now nearly all have been renewed.
    await db().$executeRaw`ANALYZE sessions`;
    await db().$executeRaw`ALTER TABLE sessions SET (autovacuum_enabled = off)`;
    onTestFinished(async () => {
      await db().$executeRaw`ALTER TABLE sessions RESET (autovacuum_enabled)`;
    });
    await rotate(10);
    const [current = "", earlier = ""] = await kids();
    await db().session.updateMany({ where: { id: { not: sessionId } }, data: { kid: current } });
    expect((await ring()).map(({ kid, sessions }) => [kid, sessions])).toEqual([
      [current, 0],
      [earlier, 1],
    ]);
    expect(await rowsRead("sessions", () => ring())).toBe(1);
    expect(await rowsRead("sessions", () => findVerifyingKeys(driver(), NOW))).toBe(1);
  });

  it("is read in one pass over the sessions, however many keys they are spread over", async () => {
    const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
    for (let n = 1; n <= 6; n += 1) await rotate(n);
    const [, ...verifying] = await kids();
    await db().$executeRaw`
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
      SELECT gen_random_uuid(), user_id, kind, (${verifying}::uuid[])[1 + n % 6], created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent
      FROM sessions CROSS JOIN generate_series(0, 5999) AS n WHERE id = ${sessionId}::uuid`;
    await db().$executeRaw`ANALYZE sessions`;
    const [{ pages = 0 } = {}] = await db().$queryRaw<{ pages: number }[]>`
      SELECT (pg_relation_size('sessions') / current_setting('block_size')::int)::int AS pages`;
    const counts = [...Array.from({ length: 5 }, () => 1000), 1002];
    expect((await ring()).map(({ sessions }) => sessions)).toEqual([0, ...counts]);
    const found = await findVerifyingKeys(driver(), NOW);
    expect(found.map(({ sessions }) => sessions).toSorted()).toEqual(counts);
    expect(await pagesVisited(() => ring())).toBeLessThan(2 * pages);
    expect(await pagesVisited(() => findVerifyingKeys(driver(), NOW))).toBeLessThan(2 * pages);
  });

  it("gets no other key, and no session, while all that is sealed is sealed anew", async () => {
    const user = await makeUser();
    const { both } = await db().$transaction(async (tx) => {
      await lockKeyRing(tx);
      const waiting = [loggedIn(user, { now: NOW }), rotate()];
      await expect.poll(countWaiting).toBe(2);
      return { both: Promise.all(waiting) };
    });
    await both;
    expect(await ring()).toHaveLength(2);
  });

  it("keeps of the retired ones the last three", async () => {
    const { person } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { kind: "REST", now: NOW });
    const signOut = { values: jwtSettingsDefaults, keepOldKey: false, password: null };
    for (let n = 1; n <= 6; n += 1) {
      expect(await replaceJwtSettings(person, { ...signOut, key: newKey() }, at(n))).toMatchObject({
        ok: true,
      });
    }
    const found = await ring(at(10));
    expect(found).toHaveLength(4);
    expect(found.slice(1).map(({ verifyUntil }) => verifyUntil)).toEqual([at(6), at(5), at(4)]);
    expect(found.slice(1).map(({ retiredBy }) => retiredBy)).toEqual(Array(3).fill("sign-out"));
  });

  it("keeps of those that were retired together the newest", async () => {
    const { kid: _, ...key } = await db().signingKey.findFirstOrThrow();
    for (let n = 1; n <= 5; n += 1)
      await db().signingKey.create({
        data: { ...key, kid: randomUUID(), createdAt: at(n), verifyUntil: at(6), retiredBy: "sign-out" },
      });
    const found = await ring(at(10));
    expect(found.slice(1).map(({ createdAt }) => createdAt)).toEqual([at(5), at(4), at(3)]);
  });
});

describe("a key that is replaced goes on verifying", () => {
  const verifyUntil = async () => (await ring())[1]?.verifyUntil;

  it("until tokens signed before lifetimes were shortened have expired, in sessions that go on", async () => {
    const bob = await loggedIn(await makeUser(), { kind: "REST", now: NOW });
    await save({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }, at(10));
    await rotate(20);
    expect(await verifyUntil()).toEqual(at(10 + 9_000 + SLACK));
    let { refreshToken } = bob;
    for (let seconds = 800; seconds < 9_000; seconds += 800) {
      const next = await refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" }, at(seconds));
      expect(next).toMatchObject({ ok: true });
      if (next.ok) refreshToken = next.refreshToken;
    }
    expect(await authenticateBearer(bob.token, anonymous(), at(8_790))).toMatchObject({ ok: true });
  });

  it("by all lifetimes since it was made, where it is not recorded when it began to sign", async () => {
    await db().signingKey.updateMany({ data: { activatedAt: null } });
    await save({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }, at(10));
    await rotate(20);
    expect(await verifyUntil()).toEqual(at(10 + 9_000 + SLACK));
  });

  it.each([
    ["another server, whose clock is behind", 20, 20],
    ["a clock that was set back since it began to sign", 86_400, 10],
  ])("by lifetimes that were shortened by %s", async (_whose, begun, savedAt) => {
    await save({ key: newKey(), mode: "keep", password: PASSWORD }, at(begun));
    await save({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }, at(10));
    await rotate(30);
    const { verifyUntil } =
      (await ring()).find(({ activatedAt }) => activatedAt?.getTime() === at(begun).getTime()) ?? {};
    expect(verifyUntil).toEqual(at(savedAt + 9_000 + SLACK));
  });

  it("until a token signed at that moment would expire, when lifetimes were lengthened", async () => {
    await makeSettings({ jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }, { savedAt: NOW });
    await loggedIn(await makeUser(), { now: NOW });
    await save({ values: { refreshTokenExpTime: WEEK } }, at(10));
    await rotate(20);
    expect(await verifyUntil()).toEqual(at(20 + WEEK + SLACK));
  });

  it("until no live session on it can be renewed any more, where one has not been shortened yet", async () => {
    await db().session.updateMany({ data: { renewableUntil: at(2 * WEEK) } });
    const { sessionId: id } = await loggedIn(await makeUser(), { now: NOW });
    await db().session.update({ where: { id }, data: { renewableUntil: at(3 * WEEK), endedAt: NOW } });
    await rotate();
    expect(await verifyUntil()).toEqual(at(2 * WEEK + SLACK));
  });

  it("by the lifetimes of its own time, not by those saved together with the rotation", async () => {
    await rotate(0, { tokenExpirationTime: 60, refreshTokenExpTime: 900 });
    expect(await verifyUntil()).toEqual(at(WEEK + SLACK));
  });

  it.each<[string, () => Change]>([
    ["a key", () => ({ key: newKey() })],
    ["one that signed for another issuer before", () => ({ values: { tokenIssuer: "elsewhere" } })],
  ])(
    "no longer because of sessions on other keys, or of earlier or other settings: %s",
    async (_key, change) => {
      await loggedIn(await makeUser(), { now: NOW });
      const { values, ...rest } = change();
      const shorter = { ...values, tokenExpirationTime: 60, refreshTokenExpTime: 900 };
      await save({ ...rest, mode: "keep", values: shorter }, at(10));
      for (const saved of [12, 14]) await makeSettings({ general: {} }, { savedAt: at(saved) });
      await rotate(20);
      const ends = (await ring()).map((key) => key.verifyUntil);
      expect(ends).toEqual([null, at(10 + WEEK + SLACK), at(20 + 900 + SLACK)]);
    },
  );
});

describe("retiring a key early", () => {
  it("first says whom it hits", async () => {
    const { current, earlier } = await rotated();
    await loggedIn(await makeUser(), { now: NOW });
    const bob = await makeUser();
    for (let n = 0; n < 2; n += 1) {
      const { sessionId } = await loggedIn(bob, { now: NOW });
      await db().session.update({ where: { id: sessionId }, data: { kid: earlier } });
    }
    expect(await retire(earlier)).toEqual({
      ok: false,
      code: "retirement-unconfirmed",
      reach: { sessions: 3, people: 2, includesOwn: true },
      passwordRequired: false,
    });
    expect(await stored(earlier)).toMatchObject({ retiredBy: null });
    expect(await retire(current)).toEqual({ ok: false, code: "ring-changed" });
    await db().session.update({ where: { id: ada.sessionId }, data: { kid: current } });
    expect(await retire(earlier)).toMatchObject({ reach: { sessions: 2, people: 1, includesOwn: false } });
    expect(await events()).toEqual([]);
  });

  it("ends the sessions on it, and no other; which is audited, by its fingerprint", async () => {
    const before = await loggedIn(await makeUser(), { now: NOW });
    const { earlier } = await rotated();
    const after = await loggedIn(await makeUser(), { now: NOW });
    expect(await retire(earlier, { agreedSessions: 2 })).toEqual({ ok: true, sessions: 2, signedOut: true });
    expect(await isAlive(before.token)).toBe(false);
    expect(await isAlive(after.token)).toBe(true);
    const { fingerprint, issuer, ...key } = await stored(earlier);
    expect(key).toMatchObject({ verifyUntil: NOW, retiredBy: "administrator" });
    const ended = await db().session.findMany({ where: { endedAt: { not: null } } });
    expect(ended.map(({ endReason }) => endReason)).toEqual(["key-retired", "key-retired"]);
    expect(await events()).toEqual([
      { kind: "signing-key-retired", details: { fingerprint, issuer, sessions: 2, people: 2 } },
      { kind: "sessions-ended", details: { reason: "key-retired", sessions: 2, people: 2 } },
    ]);
  });

  it("of which no session is left tells of no session's end", async () => {
    const { current, earlier } = await rotated();
    await db().session.updateMany({ data: { kid: current } });
    expect(await retire(earlier)).toMatchObject({ code: "retirement-unconfirmed", reach: { sessions: 0 } });
    expect(await retire(earlier, { agreedSessions: 0 })).toEqual({ ok: true, sessions: 0, signedOut: false });
    expect((await events()).map(({ kind }) => kind)).toEqual(["signing-key-retired"]);
  });

  it("stays recorded when everyone is signed out at a server whose clock is behind", async () => {
    const { earlier } = await rotated();
    await retire(earlier, { agreedSessions: 1 }, at(30));
    await retireVerifyingKeys(db(), NOW);
    expect(await stored(earlier)).toMatchObject({ verifyUntil: at(30), retiredBy: "administrator" });
  });

  it("does not happen to a key that time has retired, when everyone is signed out later", async () => {
    const { earlier } = await rotated();
    await retireVerifyingKeys(db(), at(WEEK + SLACK));
    expect(await stored(earlier)).toMatchObject({ verifyUntil: at(WEEK + SLACK), retiredBy: null });
    await retireVerifyingKeys(db(), at(WEEK + SLACK + 1));
    expect(await stored(earlier)).toMatchObject({ verifyUntil: at(WEEK + SLACK), retiredBy: null });
  });

  it.each([0, 30])(
    "refuses what it signed for sessions on another key, by a clock %i s ahead",
    async (ahead) => {
      const bob = await loggedIn(await makeUser(), { kind: "REST", now: NOW });
      const { earlier } = await rotated();
      const next = await refreshTokens(anonymous(), { refreshToken: bob.refreshToken ?? "" }, NOW);
      const retired = await retire(earlier, { agreedSessions: 1 }, at(ahead));
      expect(retired).toMatchObject({ ok: true, sessions: 1 });
      expect(await authenticateBearer(bob.token, anonymous(), NOW)).toMatchObject({ code: "token-expired" });
      expect(await authenticateBearer(next.ok ? next.token : "", anonymous(), NOW)).toMatchObject({
        ok: true,
      });
    },
  );

  it("ends the sessions on it at once, also for tokens of an earlier key that still verifies", async () => {
    const bob = await loggedIn(await makeUser(), { kind: "REST", now: NOW });
    const refresh = () => refreshTokens(anonymous(), { refreshToken: bob.refreshToken ?? "" }, NOW);
    const { current: leaked } = await rotated();
    await refresh();
    await rotated();
    expect(await authenticateBearer(bob.token, anonymous(), NOW)).toMatchObject({ ok: true });
    // Not by the verb, which marks the sessions as ended a moment later.
    expect(await retireVerifyingKey(db(), leaked, NOW)).toBe(true);
    expect(await authenticateBearer(bob.token, anonymous(), NOW)).toMatchObject({ code: "token-expired" });
    expect(await refresh()).toMatchObject({ code: "token-expired" });
  });

  it("ends no session that has gone on with another key, also where its refresh token was repeated", async () => {
    const bob = await loggedIn(await makeUser(), { kind: "REST", now: NOW });
    const refresh = () => refreshTokens(anonymous(), { refreshToken: bob.refreshToken ?? "" }, NOW);
    await refresh();
    const { current, earlier } = await rotated();
    const repeated = await refresh();
    const stored = await db().session.findUniqueOrThrow({ where: { id: bob.sessionId } });
    expect(stored.kid).toBe(current);
    expect(await retire(earlier, { agreedSessions: 1 })).toMatchObject({ ok: true, sessions: 1 });
    const token = repeated.ok ? repeated.token : "";
    expect(await authenticateBearer(token, anonymous(), NOW)).toMatchObject({ ok: true });
  });

  it("asks again when more sessions are on it than the administrator was told of", async () => {
    await loggedIn(await makeUser(), { now: NOW });
    const { earlier } = await rotated();
    expect(await retire(earlier, { agreedSessions: 1 })).toMatchObject({
      code: "retirement-unconfirmed",
      reach: { sessions: 2 },
    });
    expect(await retire(earlier, { agreedSessions: 3 })).toMatchObject({ ok: true, sessions: 2 });
  });

  it("wants the password when it was last given more than five minutes ago", async () => {
    const { earlier } = await rotated();
    const agreed = { agreedSessions: 1 };
    expect(await retire(earlier, agreed, at(301))).toMatchObject({ passwordRequired: true });
    expect(await retire(earlier, { ...agreed, password: "wrong" }, at(301))).toEqual({
      ok: false,
      code: "wrong-password",
    });
    expect(await retire(earlier, { ...agreed, password: PASSWORD }, at(301))).toMatchObject({ ok: true });
  });

  it("does nothing to a key that is retired, or that never was", async () => {
    const { earlier } = await rotated();
    const gone = at(WEEK + SLACK);
    const fresh = (await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: gone })).person;
    for (const kid of [earlier, randomUUID()])
      for (const agreedSessions of [9, null])
        expect(await retire(kid, { agreedSessions }, gone, fresh)).toEqual({
          ok: false,
          code: "ring-changed",
        });
    expect(await retireVerifyingKey(db(), earlier, gone)).toBe(false);
    expect(await stored(earlier)).toMatchObject({ retiredBy: null });
  });
});

describe("rolling a rotation back", () => {
  it("first says that nobody is signed out, and until when the newer key verifies", async () => {
    const { current, earlier } = await rotated();
    expect(await rollBack(earlier, current, { isConfirmed: false })).toEqual({
      ok: false,
      code: "roll-back-unconfirmed",
      reach: { sessions: 1, people: 1, outgoingKeyVerifiesUntil: at(WEEK + SLACK) },
      passwordRequired: false,
    });
    expect(await kids()).toEqual([current, earlier]);
  });

  it("puts key and issuer back in force, keeps everyone, and writes a version of the panel", async () => {
    const before = await loggedIn(await makeUser(), { now: NOW });
    const { current, earlier } = await rotated({ tokenIssuer: "elsewhere" });
    const between = await loggedIn(await makeUser(), { now: at(5) });
    expect(await rollBack(earlier, current, {}, at(10))).toEqual({ ok: true, version: 3 });
    const [old, newer] = [await stored(earlier), await stored(current)];
    expect(old).toMatchObject({ verifyUntil: null, activatedAt: at(10), createdAt: NOW });
    expect(newer).toMatchObject({ verifyUntil: at(10 + WEEK + SLACK), retiredBy: null });
    const { version, values, facts } = (await settingsInForce()).jwt;
    expect({ version, values, facts }).toEqual({
      version: 3,
      values: jwtSettingsDefaults,
      facts: { keyFingerprint: old.fingerprint },
    });
    for (const { token } of [before, between]) expect(await isAlive(token, at(11))).toBe(true);
    const next = await loggedIn(await makeUser(), { now: at(12) });
    const session = await db().session.findUniqueOrThrow({ where: { id: next.sessionId } });
    expect(session.kid).toBe(earlier);
    expect(await events()).toEqual([
      {
        kind: "settings-changed",
        details: {
          panel: "jwt",
          version: 3,
          changes: {
            tokenIssuer: { from: "elsewhere", to: "gatehouse" },
            tokenSigningKey: { from: newer.fingerprint, to: old.fingerprint },
            rolledBack: true,
          },
        },
      },
    ]);
  });

  it("to the issuer that the same key had before names no other key", async () => {
    await save({ mode: "keep", values: { tokenIssuer: "elsewhere" } }, NOW);
    const [current = "", earlier = ""] = await kids();
    await db().auditEvent.deleteMany();
    expect(await rollBack(earlier, current)).toEqual({ ok: true, version: 3 });
    const changes = { tokenIssuer: { from: "elsewhere", to: "gatehouse" }, rolledBack: true };
    const details = { panel: "jwt", version: 3, changes };
    expect(await events()).toEqual([{ kind: "settings-changed", details }]);
  });

  it("can itself be rolled back, and forgets nothing that was signed in the first turn", async () => {
    const { current, earlier } = await rotated();
    await save({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }, at(1));
    await rollBack(earlier, current, {}, at(2));
    expect(await rollBack(current, earlier, {}, at(3))).toMatchObject({ ok: true });
    expect(await stored(earlier)).toMatchObject({ verifyUntil: at(WEEK + SLACK), earlierUntil: null });
    expect(await stored(current)).toMatchObject({ verifyUntil: null });
  });

  it("is a conflict for whoever was about to save another key, and none for whoever changes a lifetime", async () => {
    const { current, earlier } = await rotated({ tokenIssuer: "elsewhere" });
    await rollBack(earlier, current);
    const values = { ...jwtSettingsDefaults, tokenIssuer: "elsewhere" };
    const edit = { version: 2, values, key: null, mode: null, password: null };
    expect(await updateJwtSecurity(ada, { ...edit, key: newKey(), mode: "keep" }, NOW)).toMatchObject({
      code: "conflict",
      conflicts: ["tokenSigningKey"],
    });
    const longer = { ...values, tokenExpirationTime: 9_001 };
    expect(await updateJwtSecurity(ada, { ...edit, values: longer }, NOW)).toMatchObject({
      ok: true,
      panel: { version: 4, values: { tokenIssuer: "gatehouse", tokenExpirationTime: 9_001 } },
    });
    expect(await kids()).toEqual([earlier, current]);
  });

  it("wants the password when it was last given more than five minutes ago", async () => {
    const { current, earlier } = await rotated();
    expect(await rollBack(earlier, current, {}, at(301))).toMatchObject({ passwordRequired: true });
    expect(await rollBack(earlier, current, { password: "wrong" }, at(301))).toMatchObject({
      code: "wrong-password",
    });
    expect(await rollBack(earlier, current, { password: PASSWORD }, at(301))).toMatchObject({ ok: true });
  });

  it("is refused once somebody has refused the key, also by a clock that is ahead", async () => {
    const { current, earlier } = await rotated();
    expect(await retire(earlier, { agreedSessions: 1 }, at(5))).toMatchObject({ ok: true });
    expect(await rollBack(earlier, current, {}, at(4))).toEqual({ ok: false, code: "ring-changed" });
    expect(await reinstateKey(db(), earlier, at(4))).toBe(false);
  });

  it("is refused once the key verifies no more, or another one signs than the administrator saw", async () => {
    const { current, earlier } = await rotated();
    const changed = { ok: false, code: "ring-changed" };
    expect(await rollBack(earlier, earlier)).toEqual(changed);
    expect(await rollBack(current, current)).toEqual(changed);
    expect(await rollBack(randomUUID(), current)).toEqual(changed);
    const gone = at(WEEK + SLACK);
    await db().session.update({ where: { id: ada.sessionId }, data: { renewableUntil: at(2 * WEEK) } });
    for (const isConfirmed of [true, false])
      expect(await rollBack(earlier, current, { isConfirmed, password: PASSWORD }, gone)).toEqual(changed);
    expect(await reinstateKey(db(), earlier, gone)).toBe(false);
    await retire(earlier, { agreedSessions: 1 });
    expect(await rollBack(earlier, current, {}, at(1))).toEqual(changed);
    expect((await settingsInForce()).jwt.version).toBe(2);
  });

  it("comes to its end although programs save without end", async () => {
    const { current, earlier } = await rotated();
    expect(await whileProgramsSave("jwt", () => rollBack(earlier, current))).toMatchObject({ ok: true });
  });
});

describe("administrators at the ring in one instant", () => {
  const expectSound = async () => {
    expect(await db().signingKey.count({ where: { verifyUntil: null } })).toBe(1);
    const [current] = await ring();
    const { values, facts } = (await settingsInForce()).jwt;
    expect({ issuer: values.tokenIssuer, fingerprint: facts.keyFingerprint }).toEqual({
      issuer: current?.issuer,
      fingerprint: current?.fingerprint,
    });
  };
  const codes = (answers: { ok: boolean; code?: string }[]) =>
    answers.map((answer) => (answer.ok ? "ok" : answer.code)).sort();

  it("wait for one another, while logins go on", async () => {
    const { earlier } = await rotated();
    const { retiring } = await db().$transaction(async (tx) => {
      await serializeKeyChanges(tx);
      const retiring = retire(earlier, { agreedSessions: 1 });
      await expect.poll(countWaiting).toBe(1);
      await loggedIn(await makeUser(), { now: NOW });
      expect(await stored(earlier)).toMatchObject({ retiredBy: null });
      return { retiring };
    });
    expect(await retiring).toMatchObject({ ok: true, sessions: 1 });
  });

  it("one rotates while another refuses the key of that one's own session: only that counts", async () => {
    const { earlier } = await rotated();
    const { version, values } = (await settingsInForce()).jwt;
    const edit = { version, values, key: newKey(), mode: "keep", password: null } as const;
    const { rotating } = await db().$transaction(async (tx) => {
      await retireVerifyingKey(tx, earlier, NOW);
      const rotating = updateJwtSecurity(ada, edit, NOW).catch((error: unknown) => error);
      await expect.poll(countWaiting).toBe(1);
      return { rotating };
    });
    expect(await rotating).toMatchObject({ code: "unauthenticated" });
    expect(await ring()).toHaveLength(2);
    await expectSound();
  });

  it.each([1, 2, 3])("all roll back: one does, round %d", async () => {
    const { current, earlier } = await rotated({ tokenIssuer: "elsewhere" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => rollBack(earlier, current)));
    expect(codes(answers)).toEqual(["ok", ...Array(4).fill("ring-changed")]);
    expect((await settingsInForce()).jwt.version).toBe(3);
    expect((await events()).map(({ kind }) => kind)).toEqual(["settings-changed"]);
    await expectSound();
  });

  it.each([1, 2, 3])("all retire: one does, round %d", async () => {
    const { earlier } = await rotated();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => retire(earlier, { agreedSessions: 1 })),
    );
    expect(codes(answers)).toEqual(["ok", ...Array(4).fill("ring-changed")]);
    expect((await events()).map(({ kind }) => kind)).toEqual(["signing-key-retired", "sessions-ended"]);
  });

  it("one retires a key while another signs everyone out, by a clock that is ahead: only that counts", async () => {
    const { earlier } = await rotated();
    const refused = { verifyUntil: at(5), retiredBy: "sign-out" } as const;
    const { retiring } = await db().$transaction(async (tx) => {
      await tx.signingKey.update({ where: { kid: earlier }, data: refused });
      const retiring = retire(earlier, { agreedSessions: 1 });
      await expect.poll(countWaiting).toBe(1);
      return { retiring };
    });
    expect(await retiring).toEqual({ ok: false, code: "ring-changed" });
    expect(await stored(earlier)).toMatchObject(refused);
    expect(await events()).toEqual([]);
  });

  it.each([1, 2, 3])("one retires what another rolls back to: one of them does, round %d", async () => {
    const { current, earlier } = await rotated();
    const answers = await Promise.all([retire(earlier, { agreedSessions: 1 }), rollBack(earlier, current)]);
    expect(codes(answers)).toEqual(["ok", "ring-changed"]);
    const { verifyUntil } = await stored(earlier);
    expect(verifyUntil).toEqual(answers[0].ok ? NOW : null);
    expect(await db().session.count({ where: { endedAt: null } })).toBe(answers[0].ok ? 0 : 1);
    await expectSound();
  });

  it.each([1, 2, 3])(
    "one rotates while another rolls back: whoever is second is told, round %d",
    async () => {
      const { current, earlier } = await rotated();
      const edit = {
        version: 2,
        values: jwtSettingsDefaults,
        key: newKey(),
        mode: "keep",
        password: null,
      } as const;
      const answers = await Promise.all([updateJwtSecurity(ada, edit, NOW), rollBack(earlier, current)]);
      const [rotation, back] = answers.map((answer) => (answer.ok ? "ok" : answer.code));
      expect([
        ["ok", "ring-changed"],
        ["conflict", "ok"],
      ]).toContainEqual([rotation, back]);
      await expectSound();
    },
  );
});

const changes: [string, (ring: { earlier: string; current: string }, actor: Person) => Promise<unknown>][] = [
  ["retiring a key", ({ earlier }, actor) => retire(earlier, { agreedSessions: 9 }, NOW, actor)],
  ["rolling back", ({ earlier, current }, actor) => rollBack(earlier, current, {}, NOW, actor)],
];
const removals: [string, code: RefusalCode, (target: Person) => Promise<unknown>][] = [
  [
    "demoted",
    "forbidden",
    ({ userId }) => changeAuthority(ada, { userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" }, NOW),
  ],
  ["disabled", "forbidden", (target) => disableUser(ada, target, NOW)],
  ["deleted", "forbidden", (target) => deleteUser(ada, target, NOW)],
  [
    "signed out",
    "unauthenticated",
    ({ sessionId }) => db().session.update({ where: { id: sessionId }, data: { endedAt: NOW } }),
  ],
];
const overtaken = changes.flatMap(([what, change]) =>
  removals.map(([how, code, remove]) => [how, what, change, remove, code] as const),
);

it.each(overtaken)(
  "an administrator who is %s while %s waits for another change, changes nothing",
  async (_how, _what, change, remove, code) => {
    const both = await rotated();
    const { person } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });
    const keys = () => db().signingKey.findMany({ orderBy: { kid: "asc" } });
    const before = await keys();
    const { changed } = await db().$transaction(async (tx) => {
      await serializeKeyChanges(tx);
      const changed = change(both, person).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await remove(person);
      return { changed };
    });
    expect(await changed).toBe(code);
    expect(await keys()).toEqual(before);
  },
);

it("nobody but a system administrator may", async () => {
  const { current, earlier } = await rotated();
  const { person } = await loggedIn(await makeUser({ authority: "TENANT_ADMIN" }));
  for (const actor of [person, anonymous()]) {
    const code = actor.kind === "person" ? "forbidden" : "unauthenticated";
    await expect(readKeyRing(actor)).rejects.toMatchObject({ code });
    await expect(
      retireSigningKey(actor, { kid: earlier, agreedSessions: 9, password: PASSWORD }),
    ).rejects.toMatchObject({ code });
    await expect(
      rollBackSigningKey(actor, { kid: earlier, currentKid: current, isConfirmed: true, password: PASSWORD }),
    ).rejects.toMatchObject({ code });
  }
});

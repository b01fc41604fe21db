import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { db, driver, pool } from "@/lib/core/db";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { countAffectedSessions, endSession, listSessions } from "@/lib/sessions/live/service";
import {
  capSomeRenewals,
  extendRefreshRow,
  moveRefreshRowToKey,
  renewSessionRow,
  rotateRefreshRow,
} from "@/lib/sessions/renewal/store";
import { SESSIONS_BATCH_SIZE } from "@/lib/sessions/rules";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { endOwnSession } from "@/lib/sessions/service/own-sessions";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { lockSessionRow } from "@/lib/sessions/store";
import { createPeriodicSweep, sweepSessions } from "@/lib/sessions/sweep";
import { type JwtSettings, jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { currentKey } from "@/lib/tokens/key-ring";
import { endUserSessions } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { rowsRead } from "./support/plans";
import { startWorkers } from "./support/workers";

const NOW = new Date();
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  await db().auditEvent.deleteMany();
});

const save = (values: Partial<JwtSettings> = {}, version = 1) => ({
  version,
  key: null,
  mode: null,
  password: null,
  values: { ...jwtSettingsDefaults, ...values },
});
const signOut = (version = 1) =>
  ({ ...save({}, version), key: randomBytes(64).toString("base64"), mode: "sign-out" }) as const;
const administrator = async () => loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });

const PEOPLE = 1_250;
const SESSIONS = 12_500;

/** Makes `SESSIONS` sessions of `PEOPLE` people, on the signing key. */
async function makeSessions(): Promise<void> {
  await db().$executeRaw`
    INSERT INTO users (id, email, email_key, authority, state, created_at)
    SELECT gen_random_uuid(), i || '@crowd.example', i || '@crowd.example', 'CUSTOMER_USER', 'ACTIVE', ${NOW}
    FROM generate_series(1, ${PEOPLE}::int) AS i`;
  const batch = SESSIONS / PEOPLE / 5;
  for (let n = 0; n < 5; n += 1) {
    await db().$executeRaw`
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
      SELECT gen_random_uuid(), u.id, 'REST', k.kid, ${NOW}, ${NOW}, ${at(604_800)}, ${NOW}, ${NOW}, '192.0.2.1', ''
      FROM users u CROSS JOIN signing_keys k CROSS JOIN generate_series(1, ${batch}::int) WHERE email LIKE '%@crowd.example'`;
  }
}

/** The number of sessions that each transaction changes during `work` and the sweep after it. */
async function changesBy(work: () => Promise<unknown>): Promise<number[]> {
  await pool().query(`
    CREATE SCHEMA watch;
    CREATE TABLE watch.changes (xid xid8, rows int);
    CREATE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO watch.changes SELECT pg_current_xact_id(), count(*) FROM changed; RETURN NULL;
    END $$;
    CREATE TRIGGER watched AFTER UPDATE ON sessions REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION watch.note();`);
  try {
    await work();
    const all = async () =>
      (await pool().query("SELECT sum(rows)::int AS sum FROM watch.changes")).rows[0].sum;
    await expect.poll(all).toBe(SESSIONS + 1);
    const { rows } = await pool().query("SELECT sum(rows)::int AS sum FROM watch.changes GROUP BY xid");
    return rows.map(({ sum }) => sum).filter((sum) => sum > 0);
  } finally {
    await pool().query("DROP SCHEMA watch CASCADE");
  }
}

it("no transaction changes more sessions than it has time for, however many there are", async () => {
  const { person } = await administrator();
  await makeSessions();
  const batches = (changes: number[]) => changes.sort((a, b) => b - a);

  const shortened = await changesBy(() =>
    updateJwtSecurity(person, save({ refreshTokenExpTime: 9_001 }), NOW),
  );
  expect(batches(shortened)).toEqual([
    SESSIONS_BATCH_SIZE,
    SESSIONS_BATCH_SIZE,
    SESSIONS + 1 - 2 * SESSIONS_BATCH_SIZE,
  ]);
  expect(await db().session.count({ where: { renewableUntil: { gt: at(9_001) } } })).toBe(0);

  const ended = await changesBy(() => updateJwtSecurity(person, signOut(2), NOW));
  expect(batches(ended)).toEqual([
    SESSIONS_BATCH_SIZE,
    SESSIONS_BATCH_SIZE,
    SESSIONS + 1 - 2 * SESSIONS_BATCH_SIZE,
  ]);
  expect(await db().session.count({ where: { endedAt: NOW, endReason: "key-changed" } })).toBe(SESSIONS + 1);
  expect(await db().auditEvent.findMany({ where: { kind: "sessions-ended" } })).toMatchObject([
    { details: { reason: "key-changed", sessions: SESSIONS + 1, people: PEOPLE + 1 } },
  ]);
});

it("everyone is signed out also if the process is killed before it has noted whose sessions ended", async () => {
  const ada = await administrator();
  const bob = await loggedIn(await makeUser(), { now: NOW });
  const rest = await loggedIn(await makeUser(), { now: NOW, kind: "REST" });
  const [worker] = await startWorkers(1);
  const holder = await pool().connect();
  try {
    // A row lock that the sweep must wait for.
    await holder.query("BEGIN");
    await holder.query("SELECT FROM sessions WHERE id = $1 FOR UPDATE", [bob.sessionId]);
    const killed = worker?.call("updateJwtSecurity", ada.person, signOut(), NOW).catch(() => undefined);
    const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const isSweeping = async () => (await pool().query(`SELECT ${waiting}`)).rowCount;
    await expect.poll(isSweeping).toBe(1);
    await worker?.kill();
    // While a backend waits for a lock it does not notice that its client is gone, and would finish the statement.
    await pool().query(`SELECT pg_terminate_backend(pid) ${waiting}`);
    await expect.poll(isSweeping).toBe(0);
    await killed;
  } finally {
    await holder.query("ROLLBACK");
    holder.release();
  }
  const live = () => db().session.count({ where: { endedAt: null } });
  expect(await live()).toBe(3);
  // The first of these times is that of a server whose clock is behind the killed one's.
  for (const now of [at(-5), NOW, at(9_001)]) {
    expect(await continueBrowserSession(bob.token, now)).toEqual({ state: "none" });
    expect(await refreshTokens(anonymous(), { refreshToken: rest.refreshToken ?? "" }, now)).toMatchObject({
      ok: false,
    });
  }
  // These sessions count as ended: no list shows them, and no attempt to end them succeeds.
  expect(await listSessions(ada.person, { user: bob.person.userId }, NOW)).toMatchObject({
    sessions: [],
    owner: { liveSessions: 0 },
  });
  expect(await countAffectedSessions(ada.person, NOW)).toMatchObject({ all: { sessions: 0 } });
  expect(await endSession(ada.person, { sessionId: bob.sessionId }, NOW)).toMatchObject({ ok: false });
  expect(await endOwnSession(bob.person, { sessionId: bob.sessionId }, NOW)).toMatchObject({ ok: false });
  expect(await endUserSessions(ada.person, { userId: bob.person.userId }, NOW)).toMatchObject({ ok: false });
  // A request that found its session alive just before cannot move it to the new key.
  const { kid } = await currentKey(driver());
  const extension = { kid, now: NOW, renewableUntil: at(900) };
  expect(await renewSessionRow(driver(), bob.sessionId, { id: bob.sessionId, ...extension })).toBe(false);
  const rotation = { id: rest.sessionId, from: null, to: randomUUID(), spentRefresh: {}, ...extension };
  expect(await rotateRefreshRow(driver(), rest.sessionId, rotation)).toBe(false);
  expect(await extendRefreshRow(driver(), rest.sessionId, extension)).toBeNull();
  const { refreshJti } = await db().session.findUniqueOrThrow({ where: { id: rest.sessionId } });
  const repetition = { jti: refreshJti ?? "", kid, now: NOW };
  expect(await moveRefreshRowToKey(driver(), rest.sessionId, repetition)).toBe(false);

  const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
  await sweepSessions(at(1));
  expect(await db().session.findMany({ where: { endedAt: null } })).toMatchObject([{ id: sessionId }]);
});

it("the sweep applies a shorter refresh time that a killed process has left unapplied, at its value in force", async () => {
  const { person, sessionId } = await administrator();
  await updateJwtSecurity(person, save({ refreshTokenExpTime: 9_001 }), NOW);
  const end = async () => (await db().session.findUniqueOrThrow({ where: { id: sessionId } })).renewableUntil;
  await db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(604_800) } });
  await sweepSessions(NOW);
  expect(await end()).toEqual(at(9_001));
  await updateJwtSecurity(person, save({}, 2), NOW);
  await sweepSessions(NOW);
  expect(await end()).toEqual(at(9_001));
});

it("an end that another sweep brings forward meanwhile is not put off again", async () => {
  const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
  const { sweep } = await db().$transaction(async (tx) => {
    await lockSessionRow(tx, sessionId, NOW);
    const sweep = capSomeRenewals(db(), 9_001, { after: null, limit: 10 });
    await expect.poll(countWaiting).toBe(1);
    await tx.session.update({ where: { id: sessionId }, data: { renewableUntil: at(900) } });
    return { sweep };
  });
  expect(await sweep).toMatchObject({ done: 0 });
  expect(await db().session.findMany()).toMatchObject([{ renewableUntil: at(900) }]);
});

it("a refresh time that is damaged in the database ends nothing", async () => {
  const { person, sessionId } = await administrator();
  await updateJwtSecurity(person, save({ refreshTokenExpTime: 7_776_000 }), NOW);
  const end = at(7_776_000);
  await db().session.update({ where: { id: sessionId }, data: { renewableUntil: end } });
  await db().$executeRaw`
    UPDATE settings_revisions SET "values" = "values" || '{"refreshTokenExpTime": "?"}' WHERE panel = 'jwt'`;
  await sweepSessions(NOW);
  expect(await db().session.findUniqueOrThrow({ where: { id: sessionId } })).toMatchObject({
    renewableUntil: end,
  });
});

it("the repeated sweep walks through all sessions twice after a save, and no more", async () => {
  const { person, sessionId } = await administrator();
  await makeSessions();
  await db().$executeRaw`ANALYZE sessions`;
  const key = {
    issuer: "x",
    sealedKey: "",
    fingerprint: "",
    bits: 512,
    createdAt: NOW,
    retiredBy: "sign-out",
  };
  await db().signingKey.create({ data: { ...key, kid: randomUUID(), verifyUntil: NOW } });
  const sweep = createPeriodicSweep();
  await sweep(NOW);
  await sweep(NOW);
  expect(await rowsRead("sessions", () => sweep(NOW))).toBeLessThan(10);

  const refreshTokenExpTime = 9_001;
  await updateJwtSecurity(person, save({ refreshTokenExpTime }), NOW);
  const restoreRenewableUntil = () =>
    db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(604_800) } });
  const end = async () => (await db().session.findUniqueOrThrow({ where: { id: sessionId } })).renewableUntil;
  // `restoreRenewableUntil` stands for a request that had read the earlier, longer refresh time.
  for (const [nth, expected] of [9_001, 9_001, 604_800].entries()) {
    await restoreRenewableUntil();
    await sweep(NOW);
    expect(await end(), String(nth)).toEqual(at(expected));
  }
  // Also where the time is the same again: a request may have read the one between the two.
  await updateJwtSecurity(person, save({ refreshTokenExpTime: 9_002 }, 2), NOW);
  await updateJwtSecurity(person, save({ refreshTokenExpTime }, 3), NOW);
  await restoreRenewableUntil();
  await sweep(NOW);
  expect(await end()).toEqual(at(9_001));
});

/** Runs `work` while PostgreSQL refuses every update of a column of the sessions. */
async function whileFixed(column: "ended_at" | "renewable_until", work: () => Promise<void>): Promise<void> {
  await db().$executeRawUnsafe(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '${column} is fixed'; END $$`,
  );
  await db().$executeRawUnsafe(
    `CREATE TRIGGER refused BEFORE UPDATE OF ${column} ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
  await work().finally(() => db().$executeRaw`DROP FUNCTION refuse CASCADE`);
}

it("sessions on a refused key end also when the refresh time cannot be applied", async () => {
  const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
  await db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(10_000_000) } });
  await db().signingKey.updateMany({ data: { retiredBy: "administrator" } });
  await whileFixed("renewable_until", async () => {
    for (const sweep of [sweepSessions, createPeriodicSweep()]) {
      await db().session.updateMany({ data: { endedAt: null } });
      await expect(sweep(NOW)).rejects.toThrow("renewable_until is fixed");
      expect(await db().session.count({ where: { endedAt: null } })).toBe(0);
    }
  });
});

it("a sweep begins no batch while the server stops, which waits for it", async () => {
  const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
  await db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(10_000_000) } });
  await db().signingKey.updateMany({ data: { retiredBy: "administrator" } });
  const session = () => db().session.findUniqueOrThrow({ where: { id: sessionId } });
  const before = await session();
  await createPeriodicSweep()(NOW, AbortSignal.abort());
  expect(await session()).toEqual(before);
});

it("a sweep that fails, or does not know the refresh time, does not count as one of the two", async () => {
  const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
  const restoreRenewableUntil = () =>
    db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(10_000_000) } });
  const sweep = createPeriodicSweep();
  await restoreRenewableUntil();
  await db().signingKey.updateMany({ data: { retiredBy: "administrator" } });
  await whileFixed("ended_at", () => expect(sweep(NOW)).rejects.toThrow("ended_at is fixed"));
  await db().signingKey.updateMany({ data: { retiredBy: null } });
  const store = (values: object | string) =>
    db().settingsRevision.updateMany({ where: { panel: "jwt" }, data: { values } });
  const { values } = (await settingsInForce()).jwt;
  await store("damaged");
  await sweep(NOW);
  await sweep(NOW);
  await store(values);
  for (const [nth, expected] of [604_800, 604_800, 10_000_000].entries()) {
    await restoreRenewableUntil();
    await sweep(NOW);
    const { renewableUntil } = await db().session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(renewableUntil, String(nth)).toEqual(at(expected));
  }
});

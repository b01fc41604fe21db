import { beforeEach, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { ENDED_SESSIONS_KEPT_MS, forgetOldSessions } from "@/lib/sessions/retention";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { logOut } from "@/lib/sessions/service/log-out";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { rowsRead } from "./support/plans";

const NOW = new Date("2026-03-01T12:00:00Z");
const RETENTION_S = ENDED_SESSIONS_KEPT_MS / 1000;
const REFRESH_S = 604_800;
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
});

it("removes sessions that have been over for a month, and no other", async () => {
  const user = await makeUser();
  const left = await loggedIn(user, { kind: "REST", now: NOW });
  const runOut = await loggedIn(user, { kind: "REST", now: NOW });
  const recent = await loggedIn(user, { kind: "REST", now: at(REFRESH_S) });
  await logOut(left.person, at(1));
  const ids = async () => (await db().session.findMany()).map(({ id }) => id).sort();
  const all = [left, runOut, recent].map(({ sessionId }) => sessionId).sort();

  expect(await forgetOldSessions(at(RETENTION_S + 1))).toBe(0);
  expect(await ids()).toEqual(all);
  expect(await forgetOldSessions(at(RETENTION_S + 2))).toBe(1);
  expect(await forgetOldSessions(at(REFRESH_S + RETENTION_S))).toBe(0);
  expect(await ids()).toEqual([runOut.sessionId, recent.sessionId].sort());
  expect(await forgetOldSessions(at(REFRESH_S + RETENTION_S + 1))).toBe(1);
  expect(await ids()).toEqual([recent.sessionId]);
  for (const { token } of [left, runOut]) {
    const refused = await authenticateBearer(token, anonymous(), at(REFRESH_S + RETENTION_S + 1));
    expect(refused).toEqual({ ok: false, code: "token-expired" });
  }
});

it("may be done by any number of processes at once", async () => {
  const user = await makeUser();
  for (let n = 0; n < 20; n += 1) await loggedIn(user, { now: NOW });
  const late = at(REFRESH_S + RETENTION_S + 1);
  const removed = await Promise.all(Array.from({ length: 4 }, () => forgetOldSessions(late)));
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(20);
  expect(await db().session.count()).toBe(0);
});

it("passes over what somebody holds, and leaves it to the next time", async () => {
  const user = await makeUser();
  const held = await loggedIn(user, { now: NOW });
  for (let n = 0; n < 3; n += 1) await loggedIn(user, { now: NOW });
  const late = at(REFRESH_S + RETENTION_S + 1);
  await db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM sessions WHERE id = ${held.sessionId}::uuid FOR UPDATE`;
    expect(await forgetOldSessions(late)).toBe(3);
  });
  expect(await forgetOldSessions(late)).toBe(1);
});

/** Makes as many sessions of a person as there are days, one begun each day from `NOW` on. */
async function logInDaily(userId: string, days: number): Promise<void> {
  const { kid } = await db().signingKey.findFirstOrThrow();
  await db().$executeRaw`
    INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
    SELECT gen_random_uuid(), ${userId}::uuid, 'REST', ${kid}::uuid, t, t, t + interval '7 days', t, t, '', ''
    FROM generate_series(${NOW}::timestamptz, ${NOW}::timestamptz + ${days - 1}::int * interval '1 day', '1 day') AS t`;
  await db().$executeRaw`ANALYZE sessions`;
}

it("finds what is to be removed without reading the sessions that are kept", async () => {
  const day = 86_400;
  await logInDaily((await makeUser()).id, 5_000);
  const late = at(REFRESH_S + RETENTION_S + 3 * day + 1);
  const begunBefore = 7 + 4;
  expect(await rowsRead("sessions", () => forgetOldSessions(late))).toBeLessThan(5 * begunBefore);
  expect(await db().session.count()).toBe(5_000 - 4);
});

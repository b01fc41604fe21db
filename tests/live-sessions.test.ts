import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changePassword } from "@/lib/auth/service/change-password";
import type { Actor, Person } from "@/lib/core/actor";
import { host } from "@/lib/core/actor";
import { db, pool } from "@/lib/core/db";
import { endAllSessionsSchema, endSessionSchema, SESSIONS_PAGE_SIZE } from "@/lib/sessions/live/schema";
import {
  countAffectedSessions,
  endAllSessions,
  endSession,
  listSessionKeys,
  listSessions,
} from "@/lib/sessions/live/service";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { endUserSessions } from "@/lib/users/service/administer-user";
import { deleteUserById } from "@/lib/users/service/named-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn, signInApp } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { rowsRead } from "./support/plans";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

let admin: Person;
let own: string;

async function startFresh(): Promise<void> {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  const root = await makeUser({
    authority: "SYS_ADMIN",
    email: "root@example.org",
    firstName: "",
    lastName: "",
  });
  const session = await loggedIn(root, { now: NOW });
  admin = session.person;
  own = session.sessionId;
  await db().auditEvent.deleteMany();
}

const list = (query: object = {}, now = at(60)) => listSessions(admin, query, now);
const ids = async (query: object = {}) => (await list(query)).sessions.map(({ id }) => id);
const isLive = async (token: string, kind: "BROWSER" | "REST" = "BROWSER") =>
  (await authenticate(token, kind, anonymous(), at(60))) !== null;

/** The audit events; checks that the administrator ended sessions in each. */
async function endings() {
  const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
  for (const row of rows) expect(row).toMatchObject({ kind: "sessions-ended", actorId: admin.userId });
  return rows.map(({ subjectEmail, details }) => ({ subjectEmail, details }));
}

describe("everyone's sessions", () => {
  beforeEach(startFresh);

  it("are listed newest first, with whose, what, from where, when and under which key", async () => {
    const jane = await makeUser({ email: "Jane@Example.org", firstName: "Jane", lastName: "Doe" });
    const first = await loggedIn(jane, { now: at(1), address: "198.51.100.1" });
    const second = await loggedIn(jane, { now: at(2), kind: "REST" });
    const { sessions, nextCursor, owner } = await list();
    expect(sessions.map(({ id }) => id)).toEqual([second.sessionId, first.sessionId, own]);
    expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true]);
    const { fingerprint } = await db().signingKey.findFirstOrThrow();
    expect(sessions[1]).toEqual({
      id: first.sessionId,
      userId: jane.id,
      email: "Jane@Example.org",
      firstName: "Jane",
      lastName: "Doe",
      kind: "BROWSER",
      address: "198.51.100.1",
      userAgent: "Mozilla/5.0 (tests)",
      createdAt: at(1),
      lastSeenAt: at(1),
      keyFingerprint: fingerprint,
      isKeyCurrent: true,
      isCurrent: false,
    });
    expect({ nextCursor, owner }).toEqual({ nextCursor: null, owner: null });
  });

  it("are only those that are alive", async () => {
    const { sessionId } = await loggedIn(await makeUser(), { now: at(1) });
    await endSession(admin, { sessionId }, at(2));
    await loggedIn(await makeUser(), { now: at(-604_800 + 60) });
    expect(await ids()).toEqual([own]);
  });

  it("carry nothing that opens one", async () => {
    const { token, refreshToken } = await loggedIn(await makeUser(), { now: NOW, kind: "REST" });
    const listed = JSON.stringify(await list());
    for (const part of `${token}.${refreshToken}`.split(".")) expect(listed).not.toContain(part);
    expect(listed).not.toMatch(/jti|spent|sealed|hash/i);
  });

  it("are those of one kind, of one person, or of whoever matches", async () => {
    const [jane, john] = [
      await makeUser({ email: "jane@x.org", firstName: "Jane" }),
      await makeUser({ email: "john@y.org", firstName: "Jöhn" }),
    ];
    const browser = (await loggedIn(jane, { now: at(1) })).sessionId;
    const rest = (await loggedIn(jane, { now: at(2), kind: "REST" })).sessionId;
    const mobile = (await loggedIn(john, { now: at(3), kind: "MOBILE" })).sessionId;
    expect(await ids({ kind: "REST" })).toEqual([rest]);
    expect(await ids({ kind: "MOBILE" })).toEqual([mobile]);
    expect(await ids({ search: "JANE@" })).toEqual([rest, browser]);
    expect(await ids({ search: "ane@x" })).toEqual([rest, browser]);
    expect(await ids({ search: "jÖh" })).toEqual([mobile]);
    expect(await ids({ search: "%" })).toEqual([]);
    expect(await ids({ search: "jane", kind: "BROWSER" })).toEqual([browser]);
    expect(await ids({ user: john.id })).toEqual([mobile]);
    expect((await list({ user: jane.id })).owner).toMatchObject({ email: "jane@x.org", liveSessions: 2 });
    expect(await list({ user: randomUUID() })).toMatchObject({ sessions: [], owner: null });
  });

  it("are those on one of the accepted keys, which are listed with the one that signs first", async () => {
    const { kid: _, ...current } = await db().signingKey.findFirstOrThrow();
    const addKey = async (verifyUntil: Date, retiredBy: string | null = null) =>
      (await db().signingKey.create({ data: { ...current, kid: randomUUID(), verifyUntil, retiredBy } })).kid;
    const [earlier, latest] = [await addKey(at(1_000)), await addKey(at(2_000))];
    await addKey(at(60));
    await addKey(at(3_000), "administrator");
    const { sessionId } = await loggedIn(await makeUser(), { now: at(1) });
    await db().session.update({ where: { id: sessionId }, data: { kid: earlier } });
    expect(await ids({ key: earlier })).toEqual([sessionId]);
    expect(await ids({ key: earlier, kind: "REST" })).toEqual([]);
    expect(await ids({ key: latest })).toEqual([]);
    expect(await ids()).toEqual([sessionId, own]);
    expect((await list()).sessions.map(({ isKeyCurrent }) => isKeyCurrent)).toEqual([false, true]);
    const keys = await listSessionKeys(admin, at(60));
    expect(keys.map(({ kid }) => kid).slice(1)).toEqual([latest, earlier]);
    expect(keys.map(({ isCurrent }) => isCurrent)).toEqual([true, false, false]);
    expect(Object.keys(keys[0] ?? {})).toEqual(["kid", "issuer", "fingerprint", "isCurrent"]);
    await expect(listSessionKeys(anonymous())).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    ["a kind that there is not", { kind: "ROOT" }],
    ["several kinds", { kind: ["REST", "MOBILE"] }],
    ["an id that is none", { user: "' OR TRUE --" }],
    ["a key that is none", { key: "' OR TRUE --" }],
    ["a NUL", { search: "a\0b" }],
    ["a cursor that is noise", { after: "%%%" }],
    ["a cursor with SQL", { after: `1-${randomUUID()}'; --` }],
    ["an endless cursor", { after: "1".repeat(700) }],
  ])("ignore %s", async (_name, query) => {
    expect(await list(query)).toEqual(await list());
  });

  it.each([`0-${randomUUID()}`, `99999999999999-${randomUUID()}`])("take %s for a place", async (after) => {
    expect((await list({ after })).sessions.length).toBeLessThanOrEqual(SESSIONS_PAGE_SIZE);
  });
});

describe("ending one", () => {
  beforeEach(startFresh);

  it("is felt at once, and audited with whose it was", async () => {
    const user = await makeUser();
    const [victim, other] = [await loggedIn(user, { now: NOW }), await loggedIn(user, { now: NOW })];
    const { sessionId } = victim;
    expect(await endSession(admin, { sessionId }, at(1))).toEqual({ ok: true, email: user.email });
    expect([await isLive(victim.token), await isLive(other.token)]).toEqual([false, true]);
    const details = { reason: "administrator", sessions: 1, sessionId };
    expect(await endings()).toEqual([{ subjectEmail: user.email, details }]);
    const row = await db().session.findUnique({ where: { id: sessionId } });
    expect(row).toMatchObject({ endedAt: at(1), endReason: "signed-out-by-administrator" });
  });

  it("happens once, whoever asks at the same time", async () => {
    const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => endSession(admin, { sessionId }, at(1))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, code: "ended-already" });
    expect(await endings()).toHaveLength(1);
  });

  it("is not possible where there is none, or none any more", async () => {
    // By the clock of any server: another one's may be a minute behind.
    const lapsed = await loggedIn(await makeUser(), { now: at(-604_800 - 60) });
    const { sessionId: signedOut } = await loggedIn(await makeUser(), { now: NOW });
    const refused = { kid: randomUUID(), verifyUntil: NOW, retiredBy: "sign-out" };
    await db().signingKey.create({ data: { ...(await db().signingKey.findFirstOrThrow()), ...refused } });
    await db().session.update({ where: { id: signedOut }, data: { kid: refused.kid } });
    for (const sessionId of [randomUUID(), lapsed.sessionId, signedOut]) {
      expect(await endSession(admin, { sessionId }, at(1))).toEqual({ ok: false, code: "ended-already" });
    }
    expect(await endings()).toEqual([]);
  });
});

describe("ending all of one person", () => {
  beforeEach(startFresh);

  it("happens once, whoever asks at the same time", async () => {
    const user = await makeUser();
    const theirs = [await loggedIn(user, { now: NOW }), await loggedIn(user, { now: NOW, kind: "REST" })];
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => endUserSessions(admin, { userId: user.id }, at(1))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, code: "out-of-date" });
    for (const { token } of theirs) expect(await isLive(token)).toBe(false);
    const details = { reason: "administrator", sessions: 2 };
    expect(await endings()).toEqual([{ subjectEmail: user.email, details }]);
  });
});

describe("ending everyone's", () => {
  beforeEach(startFresh);

  const everyone = { word: "everyone", includesOwn: true } as const;
  const others = { word: "everyone", includesOwn: false } as const;

  it("says beforehand whom it hits", async () => {
    const user = await makeUser();
    for (const seconds of [1, 2]) await loggedIn(user, { now: at(seconds) });
    await loggedIn(await makeUser(), { now: at(-604_800) });
    expect(await countAffectedSessions(admin, at(60))).toEqual({
      ok: true,
      others: { sessions: 2, people: 1 },
      all: { sessions: 3, people: 2 },
    });
  });

  it("spares the actor's own session, and no other of theirs", async () => {
    const [jane, john] = [await makeUser(), await makeUser()];
    const tokens = [
      (await loggedIn(jane, { now: at(1) })).token,
      (await loggedIn(john, { now: at(2) })).token,
      (await loggedIn(await db().user.findUniqueOrThrow({ where: { id: admin.userId } }), { now: at(3) }))
        .token,
    ];
    expect(await endAllSessions(admin, others, at(4))).toEqual({ ok: true, sessions: 3 });
    for (const token of tokens) expect(await isLive(token)).toBe(false);
    expect(await ids()).toEqual([own]);
    const details = { reason: "everyone", sessions: 3, people: 3, includesOwn: false };
    expect(await endings()).toEqual([{ subjectEmail: admin.email, details }]);
  });

  it("takes the actor's own along when that is asked for", async () => {
    await loggedIn(await makeUser(), { now: at(1) });
    expect(await endAllSessions(admin, everyone, at(4))).toEqual({ ok: true, sessions: 2 });
    expect(await db().session.count({ where: { endedAt: null } })).toBe(0);
    const details = { reason: "everyone", sessions: 2, people: 2, includesOwn: true };
    expect(await endings()).toEqual([{ subjectEmail: admin.email, details }]);
  });

  it("records nothing when there is nobody", async () => {
    expect(await endAllSessions(admin, others, at(4))).toEqual({ ok: true, sessions: 0 });
    expect(await endings()).toEqual([]);
  });

  it("goes in batches, and each is recorded", async () => {
    for (let n = 0; n < 5; n += 1) await loggedIn(await makeUser(), { now: at(n) });
    expect(await endAllSessions(admin, others, at(9), 2)).toEqual({ ok: true, sessions: 5 });
    expect((await endings()).map(({ details }) => (details as { sessions: number }).sessions)).toEqual([
      2, 2, 1,
    ]);
  });

  it("by two administrators at once counts every session once, and spares neither's but their own", async () => {
    const bob = await administrator();
    await db().auditEvent.deleteMany();
    for (let n = 0; n < 20; n += 1) await loggedIn(await makeUser(), { now: at(n) });
    const answers = await Promise.all([
      endAllSessions(admin, others, at(30), 3),
      endAllSessions(bob, others, at(30), 3),
    ]);
    const ended = await db().session.findMany({ where: { endedAt: { not: null } } });
    expect(answers.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(ended.length);
    expect(ended.length).toBeGreaterThanOrEqual(21);
    const rows = await db().auditEvent.findMany();
    expect(rows.reduce((sum, { details }) => sum + (details as { sessions: number }).sessions, 0)).toBe(
      ended.length,
    );
  });

  it("takes along an app that somebody has signed in meanwhile", async () => {
    const jane = await loggedIn(await makeUser(), { now: NOW });
    let ending: ReturnType<typeof endAllSessions> | undefined;
    const app = await db().$transaction(async (tx) => {
      const opened = await signInApp(tx, jane, at(1));
      ending = endAllSessions(admin, others, at(1));
      await expect.poll(countWaiting).toBe(1);
      return opened;
    });
    expect(await ending).toEqual({ ok: true, sessions: 2 });
    expect((await authenticateBearer(app.token, anonymous(), at(2))).ok).toBe(false);
    expect(await ids()).toEqual([own]);
  });

  it("takes along a session that goes on under another id, because its person changes the password", async () => {
    const jane = await loggedIn(await makeUser(), { now: NOW });
    let ending: ReturnType<typeof endAllSessions> | undefined;
    await db().$transaction(async (tx) => {
      await tx.session.update({ where: { id: jane.sessionId }, data: { id: randomUUID() } });
      ending = endAllSessions(admin, others, at(1));
      await expect.poll(countWaiting).toBe(1);
    });
    expect(await ending).toEqual({ ok: true, sessions: 1 });
    expect(await ids()).toEqual([own]);
    expect((await endings()).map(({ details }) => details)).toEqual([
      { reason: "everyone", sessions: 1, people: 1, includesOwn: false },
    ]);
  });

  /** The number of statements waiting for a lock that update sessions, or lock the sessions of one person. */
  async function waitingForSessions(): Promise<number> {
    const { rows } = await pool().query(`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query ~ '(UPDATE sessions\\s+SET|FROM sessions WHERE user_id)'`);
    return rows.length;
  }

  it("and deleting somebody do not wait for each other", async () => {
    const jane = await makeUser();
    await loggedIn(jane, { now: at(1) });
    const between = await loggedIn(await makeUser(), { now: at(2) });
    await loggedIn(jane, { now: at(3) });
    const both = await db().$transaction(async (tx) => {
      await tx.$executeRaw`SELECT FROM sessions WHERE id = ${between.sessionId}::uuid FOR UPDATE`;
      const ending = endAllSessions(admin, others, at(10));
      await expect.poll(waitingForSessions).toBe(1);
      const deleting = deleteUserById(admin, { userId: jane.id }, at(10));
      await expect.poll(waitingForSessions).toBe(2);
      return { settled: Promise.allSettled([ending, deleting]) };
    });
    expect(await both.settled).toMatchObject([{ value: { ok: true, sessions: 3 } }, { value: { ok: true } }]);
  });

  it("and somebody's change of password do not wait for each other", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 1 } }, { savedAt: NOW });
    const jane = await makeUser();
    await loggedIn(jane, { now: at(1) });
    const between = await loggedIn(await makeUser(), { now: at(2) });
    const { person } = await loggedIn(jane, { now: at(3) });
    const passwords = { currentPassword: PASSWORD, newPassword: "another gate, another house" };
    const holder = await pool().connect();
    const both = await db().$transaction(async (tx) => {
      // The change reads this table after it has checked the current password, and so waits here.
      await tx.$executeRaw`LOCK TABLE password_history IN ACCESS EXCLUSIVE MODE`;
      const changing = changePassword(person, passwords, at(10));
      await expect.poll(countWaiting).toBe(1);
      await holder.query("BEGIN");
      await holder.query("SELECT FROM sessions WHERE id = $1 FOR UPDATE", [between.sessionId]);
      const ending = endAllSessions(admin, others, at(10));
      await expect.poll(waitingForSessions).toBe(1);
      return { settled: Promise.allSettled([ending, changing]) };
    });
    await expect.poll(waitingForSessions).toBe(2);
    await holder.query("ROLLBACK");
    holder.release();
    expect(await both.settled).toMatchObject([
      { value: { ok: true, sessions: 3 } },
      { reason: { name: "Refusal", code: "unauthenticated" } },
    ]);
  });

  it.each([
    { word: "Everyone", includesOwn: false },
    { word: "", includesOwn: true },
    { includesOwn: true },
    {},
  ])("wants the word, and not %j", (input) => {
    expect(endAllSessionsSchema.safeParse(input).success).toBe(false);
  });

  it.each([{}, { sessionId: "1" }, { sessionId: null }, { sessionId: ["x"] }])(
    "no session is %j",
    (input) => {
      expect(endSessionSchema.safeParse(input).success).toBe(false);
    },
  );
});

describe("nobody but a system administrator", () => {
  beforeEach(startFresh);

  it("sees or ends anything", async () => {
    const victim = await loggedIn(await makeUser(), { now: NOW });
    const { sessionId } = victim;
    const customer = (await loggedIn(await makeUser(), { now: NOW })).person;
    const tenant = (await loggedIn(await makeUser({ authority: "TENANT_ADMIN" }), { now: NOW })).person;
    const actors: [Actor, string][] = [
      [anonymous(), "unauthenticated"],
      [host, "unauthenticated"],
      [customer, "forbidden"],
      [tenant, "forbidden"],
    ];
    for (const [actor, code] of actors) {
      for (const attempt of [
        () => listSessions(actor, {}),
        () => countAffectedSessions(actor),
        () => endSession(actor, { sessionId }),
        () => endAllSessions(actor, { word: "everyone", includesOwn: true }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ name: "Refusal", code });
      }
    }
    expect(await isLive(victim.token)).toBe(true);
    expect(await endings()).toEqual([]);
  });
});

describe("among many sessions", () => {
  const PEOPLE = 12_000;
  const SESSIONS = 24_000;
  /** The rows that one statement inserts: few enough for the statement timeout on a busy machine. */
  const BATCH = 4_000;
  let person: string;

  beforeAll(async () => {
    await startFresh();
    for (let from = 1; from <= PEOPLE; from += BATCH) {
      await db().$executeRaw`
      INSERT INTO users (id, email, email_key, authority, state, created_at)
      SELECT gen_random_uuid(), 'crowd-' || i || '@crowd.example', 'crowd-' || i || '@crowd.example', 'CUSTOMER_USER', 'ACTIVE', ${NOW}
      FROM generate_series(${from}::int, ${from + BATCH - 1}::int) AS i`;
    }
    // Few distinct timestamps, dozens of sessions of one person, 120 of mobile apps; half as many again have ended.
    for (let from = 1; from <= SESSIONS * 1.5; from += BATCH) {
      await db().$executeRaw`
      WITH numbered AS (SELECT id, row_number() OVER (ORDER BY email_key) AS n FROM users WHERE email_key LIKE 'crowd-%')
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent, ended_at)
      SELECT gen_random_uuid(), u.id, (CASE WHEN i % 200 = 0 THEN 'MOBILE' WHEN i % 2 = 0 THEN 'REST' ELSE 'BROWSER' END)::"SessionKind",
             k.kid, t, t, t + interval '7 days', t, t, '192.0.2.1', '', CASE WHEN i > ${SESSIONS}::int THEN t END
      FROM generate_series(${from}::int, ${from + BATCH - 1}::int) AS i
      JOIN numbered u ON u.n = CASE WHEN i % 600 = 1 THEN 1 ELSE i % ${PEOPLE}::int + 1 END
      CROSS JOIN signing_keys k
      CROSS JOIN LATERAL (SELECT ${NOW}::timestamptz - interval '1 second' * (i % 7000) AS t) AS began`;
    }
    await db().$executeRaw`ANALYZE sessions, users`;
    person = (
      await db().$queryRaw<{ id: string }[]>`
      SELECT user_id AS id FROM sessions GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`
    )[0]?.id as string;
  });

  const rows = (query: object) => rowsRead("sessions", () => list(query, NOW));
  const middle = async () => {
    const [row] = await db().session.findMany({
      where: { endedAt: null },
      orderBy: { createdAt: "asc" },
      take: 1,
      skip: SESSIONS / 2,
    });
    return `${row?.createdAt.getTime()}-${row?.id}`;
  };

  it.each([
    ["the first page", async () => ({}), 60],
    ["a page in the middle", async () => ({ after: await middle() }), 60],
    ["a kind that few have", async () => ({ kind: "MOBILE" }), 60],
    ["a kind from the middle on", async () => ({ kind: "REST", after: await middle() }), 60],
    ["one person", async () => ({ user: person }), 400],
    ["a search that finds nobody", async () => ({ search: "nobody@" }), 0],
    ["a search that finds one", async () => ({ search: "crowd-777@" }), 60],
    ["a search that finds hundreds", async () => ({ search: "crowd-77" }), 2_000],
    ["a search that finds everyone", async () => ({ search: "@crowd." }), 120],
    ["a search with a kind", async () => ({ search: "@crowd.", kind: "MOBILE" }), 120],
  ])("%s is found by reading only a few of them", async (_name, query, most) => {
    const looked = await rows(await query());
    expect(looked).toBeGreaterThanOrEqual(Math.min(most, 1));
    expect(looked).toBeLessThanOrEqual(most);
  });

  it.each<{ kind?: "MOBILE"; search?: string }>([
    {},
    { kind: "MOBILE" },
    { search: "crowd-77" },
    { search: "@crowd.", kind: "MOBILE" },
  ])("%j shows each once over all pages, newest first", async (query) => {
    const seen: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await list({ ...query, after }, NOW);
      seen.push(...page.sessions.map(({ id }) => id));
      after = page.nextCursor ?? undefined;
      pages += 1;
    } while (after && pages < 40);
    const wanted = await db().session.findMany({
      where: {
        endedAt: null,
        ...(query.kind && { kind: query.kind }),
        ...(query.search && { user: { emailKey: { contains: query.search } } }),
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      select: { id: true },
      take: seen.length,
    });
    expect(seen).toEqual(wanted.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(100);
  });
});

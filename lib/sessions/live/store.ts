import "server-only";
import type { Cursor } from "@/lib/core/cursor/rules";
import type { Db } from "@/lib/core/db";
import { matchesPerson } from "@/lib/core/person-search/store";
import { Prisma } from "@/prisma/generated/client";
import { type EndReason, isAlive, mayGoOn } from "../store";
import type { Reach, SessionEntry } from "./schema";

export type SessionsFilter = {
  search?: string | undefined;
  kind?: SessionEntry["kind"] | undefined;
  userId?: string | undefined;
  /** One session, or all but one. */
  id?: string;
  except?: string;
  after?: Cursor | undefined;
};

/**
 * Up to how many people who match a search are asked for their sessions, one after the other. Of more than that, some
 * turn up soon enough on a walk through everybody's sessions.
 */
const GATHERED_PEOPLE_LIMIT = 10_000;

const newestFirst = Prisma.sql`created_at DESC, id DESC`;

/** The live sessions of a filter, but for its search: each of these has its index, which holds them in order. */
function where({ kind, userId, id, except, after }: SessionsFilter, now: Date): Prisma.Sql {
  const all = [mayGoOn(now)];
  if (kind) all.push(Prisma.sql`kind = ${kind}::"SessionKind"`);
  if (userId) all.push(Prisma.sql`user_id = ${userId}::uuid`);
  if (id) all.push(Prisma.sql`id = ${id}::uuid`);
  if (except) all.push(Prisma.sql`id <> ${except}::uuid`);
  if (after) all.push(Prisma.sql`(created_at, id) < (${after.at}, ${after.id}::uuid)`);
  return Prisma.join(all, " AND ");
}

/** Whether few enough people match to ask each for their sessions. */
async function areFew(db: Db, search: string): Promise<boolean> {
  const rows = await db.$queryRaw<{ people: number }[]>(Prisma.sql`
    SELECT count(*)::int AS people
    FROM (SELECT FROM users WHERE ${matchesPerson(search)} LIMIT ${GATHERED_PEOPLE_LIMIT + 1}) AS matching`);
  return (rows[0]?.people ?? 0) <= GATHERED_PEOPLE_LIMIT;
}

/** The page's sessions by themselves, found in the order of an index and no further than the page goes. */
async function pageOf(db: Db, filter: SessionsFilter, limit: number, now: Date): Promise<Prisma.Sql> {
  const { search } = filter;
  const page = (condition: Prisma.Sql) =>
    Prisma.sql`SELECT * FROM sessions WHERE ${condition} ORDER BY ${newestFirst} LIMIT ${limit}`;
  if (!search) return page(where(filter, now));
  if (await areFew(db, search)) {
    const theirs = page(Prisma.sql`user_id = person.id AND ${where(filter, now)}`);
    return Prisma.sql`
      SELECT theirs.* FROM (SELECT id FROM users WHERE ${matchesPerson(search)}) AS person
      CROSS JOIN LATERAL (${theirs}) AS theirs ORDER BY theirs.created_at DESC, theirs.id DESC LIMIT ${limit}`;
  }
  const isTheirs = Prisma.sql`(SELECT ${matchesPerson(search)} FROM users WHERE users.id = user_id)`;
  return page(Prisma.sql`${where(filter, now)} AND ${isTheirs}`);
}

/** Up to `limit` live sessions, newest first. */
export async function findSessionEntries(
  db: Db,
  filter: SessionsFilter,
  limit: number,
  now: Date,
): Promise<SessionEntry[]> {
  return db.$queryRaw<SessionEntry[]>(Prisma.sql`
    SELECT s.id, s.user_id AS "userId", u.email, u.first_name AS "firstName", u.last_name AS "lastName", s.kind, s.address,
           s.user_agent AS "userAgent", s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt",
           k.fingerprint AS "keyFingerprint"
    FROM (${await pageOf(db, filter, limit, now)}) AS s
    JOIN users u ON u.id = s.user_id JOIN signing_keys k ON k.kid = s.kid
    ORDER BY s.created_at DESC, s.id DESC`);
}

/** Whose sessions are looked at. */
export async function findSessionOwner(db: Db, userId: string) {
  const select = { id: true, email: true, firstName: true, lastName: true };
  return db.user.findUnique({ where: { id: userId }, select });
}

/** How many of an account's sessions are alive. */
export async function countLiveSessions(db: Db, userId: string, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ sessions: number }[]>(
    Prisma.sql`SELECT count(*)::int AS sessions FROM sessions WHERE user_id = ${userId}::uuid AND ${mayGoOn(now)}`,
  );
  return row?.sessions ?? 0;
}

/** Whether more than so many of an account's sessions are alive, beside the excepted one. */
export async function hasMoreSessions(
  db: Db,
  { userId, except }: { userId: string; except?: string },
  than: number,
  now: Date,
): Promise<boolean> {
  const others = except ? Prisma.sql`AND id <> ${except}::uuid` : Prisma.empty;
  const rows = await db.$queryRaw<unknown[]>(Prisma.sql`
    SELECT true AS more FROM sessions WHERE user_id = ${userId}::uuid AND ${mayGoOn(now)} ${others}
    OFFSET ${than} LIMIT 1`);
  return rows.length === 1;
}

/**
 * How many sessions of how many people are alive; without the excepted one, and with it.
 * @param which `kid`: only those whose newest token that key signed
 */
export async function measureLiveSessions(
  db: Db,
  which: { except: string; kid?: string },
  now: Date,
): Promise<{ others: Reach; all: Reach }> {
  const { except, kid } = which;
  const onKey = kid ? Prisma.sql`AND kid = ${kid}::uuid` : Prisma.empty;
  type Row = { sessions: number; people: number; otherSessions: number; otherPeople: number };
  const [row] = await db.$queryRaw<Row[]>(Prisma.sql`
    SELECT coalesce(sum(every), 0)::int AS sessions, count(*)::int AS people,
           coalesce(sum(other), 0)::int AS "otherSessions", (count(*) FILTER (WHERE other > 0))::int AS "otherPeople"
    FROM (
      SELECT count(*) AS every, count(*) FILTER (WHERE id <> ${except}::uuid) AS other
      FROM sessions WHERE ${mayGoOn(now)} ${onKey} GROUP BY user_id
    ) AS person`);
  const { sessions = 0, people = 0, otherSessions = 0, otherPeople = 0 } = row ?? {};
  return { all: { sessions, people }, others: { sessions: otherSessions, people: otherPeople } };
}

/** Ends one live session of anybody; whose it was, or null when it had ended already. */
export async function endAnySession(
  db: Db,
  sessionId: string,
  reason: EndReason,
  now: Date,
): Promise<{ id: string; email: string } | null> {
  const [owner] = await db.$queryRaw<{ id: string; email: string }[]>(Prisma.sql`
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason} FROM users
    WHERE sessions.id = ${sessionId}::uuid AND users.id = user_id AND ${mayGoOn(now)}
    RETURNING users.id, users.email`);
  return owner ?? null;
}

/**
 * Ends up to `limit` live sessions, the newest first. Whoever does the same at the same time waits for these, and counts
 * others.
 * @param which `userId`: of that person only
 * @returns also how many were `found`: one that goes on under another id meanwhile is found, and not ended
 */
export async function endSomeSessions(
  db: Db,
  which: { except?: string | null; userId?: string; limit: number },
  reason: EndReason,
  now: Date,
): Promise<Reach & { found: number }> {
  const { except, userId, limit } = which;
  const others = except ? Prisma.sql`AND id <> ${except}::uuid` : Prisma.empty;
  const theirs = userId ? Prisma.sql`AND user_id = ${userId}::uuid` : Prisma.empty;
  const [ended] = await db.$queryRaw<(Reach & { found: number })[]>(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM sessions WHERE ${mayGoOn(now)} ${others} ${theirs}
      ORDER BY ${newestFirst} LIMIT ${limit} FOR UPDATE
    ),
    ended AS (
      UPDATE sessions SET ended_at = ${now}, end_reason = ${reason} FROM due WHERE sessions.id = due.id RETURNING user_id
    )
    SELECT count(*)::int AS sessions, count(DISTINCT user_id)::int AS people,
           (SELECT count(*)::int FROM due) AS found
    FROM ended`);
  return ended ?? { sessions: 0, people: 0, found: 0 };
}

/**
 * Ends up to `limit` live sessions on keys that somebody has refused before their time. Returns how many. Each such key
 * is first asked for one, by its index: where none has any, which is nearly always, nobody walks through the rest.
 */
export async function endSomeOnRefusedKeys(db: Db, limit: number, now: Date): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH refused AS MATERIALIZED (
      SELECT kid FROM signing_keys AS k WHERE retired_by IS NOT NULL
        AND (SELECT true FROM sessions WHERE kid = k.kid AND ${isAlive(now)} ORDER BY ended_at LIMIT 1)
    ),
    due AS MATERIALIZED (
      SELECT id FROM sessions
      WHERE (SELECT EXISTS (TABLE refused)) AND ${isAlive(now)} AND kid = ANY (ARRAY (TABLE refused))
      ORDER BY ${newestFirst} LIMIT ${limit} FOR UPDATE
    )
    UPDATE sessions SET ended_at = ${now},
      end_reason = CASE k.retired_by WHEN 'sign-out' THEN 'key-changed' ELSE 'key-retired' END
    FROM due, signing_keys k WHERE sessions.id = due.id AND k.kid = sessions.kid`);
}

/** When the last of the sessions on a key can no longer be renewed; null when there is none. */
export async function findLastRenewableUntil(db: Db, kid: string, now: Date): Promise<Date | null> {
  const { _max } = await db.session.aggregate({
    where: { kid, endedAt: null, renewableUntil: { gt: now } },
    _max: { renewableUntil: true },
  });
  return _max.renewableUntil;
}

/** A place in the list of the live sessions. */
export type Place = { id: string; createdAt: Date };

/**
 * Looks at up to `limit` live sessions after a place, the newest first, and brings forward the end of those that the
 * refresh time, in seconds, does not carry so far.
 * @returns how many, and `end`, the last place that was looked at; null when nothing comes after it
 */
export async function capSomeRenewals(
  db: Db,
  refreshTokenExpTime: number,
  { after, limit }: { after: Place | null; limit: number },
): Promise<{ done: number; end: Place | null }> {
  const end = Prisma.sql`renewed_at + make_interval(secs => ${refreshTokenExpTime}::double precision)`;
  const beyond = after
    ? Prisma.sql`AND (created_at, id) < (${after.createdAt}, ${after.id}::uuid)`
    : Prisma.empty;
  const rows = await db.$queryRaw<(Place & { done: number })[]>(Prisma.sql`
    WITH seen AS MATERIALIZED (
      SELECT id, created_at, renewable_until > ${end} AS is_due FROM sessions WHERE ended_at IS NULL ${beyond}
      ORDER BY ${newestFirst} LIMIT ${limit}
    ),
    due AS MATERIALIZED (
      SELECT id FROM sessions
      WHERE id = ANY (ARRAY (SELECT id FROM seen WHERE is_due)) AND ended_at IS NULL AND renewable_until > ${end}
      ORDER BY ${newestFirst} FOR UPDATE
    ),
    capped AS (
      UPDATE sessions SET renewable_until = ${end} FROM due WHERE sessions.id = due.id RETURNING sessions.id
    )
    SELECT id, created_at AS "createdAt", (SELECT count(*)::int FROM capped) AS done
    FROM seen ORDER BY created_at, id LIMIT 1`);
  const [last] = rows;
  return last ? { done: last.done, end: last } : { done: 0, end: null };
}

import "server-only";
import { countRows } from "@/lib/core/count/store";
import type { Cursor } from "@/lib/core/cursor/rules";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { matchesPerson } from "@/lib/core/person-search/store";
import { Prisma, type SessionKind } from "@/prisma/generated/client";
import { type EndReason, isLiveSession, isOnNoRefusedKey, isUnexpiredRow } from "../store";
import type { AffectedCount, SessionEntry } from "./schema";

export type SessionsFilter = {
  search?: string | undefined;
  kind?: SessionKind | undefined;
  userId?: string | undefined;
  kid?: string | undefined;
  /** `id`: only this session; `except`: all but this one. */
  id?: string;
  except?: string;
  after?: Cursor | undefined;
};

/**
 * If at most this many people match a search, the query reads each one's sessions and sorts them. If more match, it
 * scans all sessions in order, which fills a page soon enough.
 */
const GATHERED_PEOPLE_LIMIT = 10_000;

const newestFirst = Prisma.sql`created_at DESC, id DESC`;

/**
 * The condition for the live sessions of a filter, without its search. Each kind of filter has an index in page order,
 * except the key: PostgreSQL gathers the sessions of a key that has few, and reads those of others in page order.
 */
function where({ kind, userId, kid, id, except, after }: SessionsFilter, now: Date): Prisma.Sql {
  const all = [isLiveSession(now)];
  if (kind) all.push(Prisma.sql`kind = ${kind}::"SessionKind"`);
  if (userId) all.push(Prisma.sql`user_id = ${userId}::uuid`);
  if (kid) all.push(Prisma.sql`kid = ${kid}::uuid ${plannedEachTime}`);
  if (id) all.push(Prisma.sql`id = ${id}::uuid`);
  if (except) all.push(Prisma.sql`id <> ${except}::uuid`);
  if (after) all.push(Prisma.sql`(created_at, id) < (${after.at}, ${after.id}::uuid)`);
  return Prisma.join(all, " AND ");
}

/** Returns whether at most `GATHERED_PEOPLE_LIMIT` people match a search. */
async function matchesFewPeople(db: Db, search: string): Promise<boolean> {
  const rows = await db.$queryRaw<{ people: number }[]>(Prisma.sql`
    SELECT count(*)::int AS people
    FROM (SELECT FROM users WHERE ${matchesPerson(search)} LIMIT ${GATHERED_PEOPLE_LIMIT + 1}) AS matching`);
  return (rows[0]?.people ?? 0) <= GATHERED_PEOPLE_LIMIT;
}

/** Returns a query for the session rows of one page. It reads indexes in page order, and no further than the page. */
async function pageQuery(db: Db, filter: SessionsFilter, limit: number, now: Date): Promise<Prisma.Sql> {
  const { search } = filter;
  const page = (condition: Prisma.Sql) =>
    Prisma.sql`SELECT * FROM sessions WHERE ${condition} ORDER BY ${newestFirst} LIMIT ${limit}`;
  if (!search) return page(where(filter, now));
  if (await matchesFewPeople(db, search)) {
    const theirs = page(Prisma.sql`user_id = person.id AND ${where(filter, now)}`);
    return Prisma.sql`
      SELECT theirs.* FROM (SELECT id FROM users WHERE ${matchesPerson(search)}) AS person
      CROSS JOIN LATERAL (${theirs}) AS theirs ORDER BY theirs.created_at DESC, theirs.id DESC LIMIT ${limit}`;
  }
  const isTheirs = Prisma.sql`(SELECT ${matchesPerson(search)} FROM users WHERE users.id = user_id)`;
  return page(Prisma.sql`${where(filter, now)} AND ${isTheirs}`);
}

/** Finds up to `limit` live sessions, newest first, with their owners and key fingerprints. */
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
    FROM (${await pageQuery(db, filter, limit, now)}) AS s
    JOIN users u ON u.id = s.user_id JOIN signing_keys k ON k.kid = s.kid
    ORDER BY s.created_at DESC, s.id DESC`);
}

/** Finds the account whose sessions a list shows; null when there is none. */
export async function findSessionOwner(db: Db, userId: string) {
  const select = { id: true, email: true, firstName: true, lastName: true };
  return db.user.findUnique({ where: { id: userId }, select });
}

/** Counts an account's live sessions. */
export async function countLiveSessions(db: Db, userId: string, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ sessions: number }[]>(
    Prisma.sql`SELECT count(*)::int AS sessions FROM sessions WHERE user_id = ${userId}::uuid AND ${isLiveSession(now)}`,
  );
  return row?.sessions ?? 0;
}

/** Returns whether an account has more than `than` live sessions, not counting the excepted one. */
export async function hasMoreSessions(
  db: Db,
  { userId, except }: { userId: string; except?: string },
  than: number,
  now: Date,
): Promise<boolean> {
  const others = except ? Prisma.sql`AND id <> ${except}::uuid` : Prisma.empty;
  const rows = await db.$queryRaw<unknown[]>(Prisma.sql`
    SELECT true AS more FROM sessions WHERE user_id = ${userId}::uuid AND ${isLiveSession(now)} ${others}
    OFFSET ${than} LIMIT 1`);
  return rows.length === 1;
}

/**
 * Counts the live sessions and the people they belong to.
 * @param which `except`: the session that `others` leaves out; `kid`: only sessions whose newest token that key signed
 */
export async function countSessionsAndPeople(
  db: Db,
  which: { except: string; kid?: string },
  now: Date,
): Promise<{ others: AffectedCount; all: AffectedCount }> {
  const { except, kid } = which;
  const onKey = kid ? Prisma.sql`AND kid = ${kid}::uuid` : Prisma.empty;
  type Row = { sessions: number; people: number; otherSessions: number; otherPeople: number };
  const [row] = await db.$queryRaw<Row[]>(Prisma.sql`
    SELECT coalesce(sum(every), 0)::int AS sessions, count(*)::int AS people,
           coalesce(sum(other), 0)::int AS "otherSessions", (count(*) FILTER (WHERE other > 0))::int AS "otherPeople"
    FROM (
      SELECT count(*) AS every, count(*) FILTER (WHERE id <> ${except}::uuid) AS other
      FROM sessions WHERE ${isLiveSession(now)} ${onKey} GROUP BY user_id
    ) AS person`);
  const { sessions = 0, people = 0, otherSessions = 0, otherPeople = 0 } = row ?? {};
  return { all: { sessions, people }, others: { sessions: otherSessions, people: otherPeople } };
}

/** The number of live sessions of each kind, and of the people they belong to. */
export type LiveCounts = Record<SessionKind | "people", number>;

/**
 * Counts the live sessions of each kind, and their people, up to `COUNT_LIMIT` each. One statement for each count, one
 * after the other: for all four in one, PostgreSQL would compile the plan (JIT), which takes longer than the counts.
 */
export async function countLiveByKind(db: Db, now: Date): Promise<LiveCounts> {
  const ofKind = (kind: SessionKind) =>
    countRows(db, Prisma.sql`SELECT FROM sessions WHERE ${where({ kind }, now)}`);
  return {
    BROWSER: await ofKind("BROWSER"),
    REST: await ofKind("REST"),
    MOBILE: await ofKind("MOBILE"),
    people: await countRows(
      db,
      Prisma.sql`SELECT FROM sessions WHERE ${isLiveSession(now)} GROUP BY user_id`,
    ),
  };
}

/** Ends one live session of any account. @returns its owner; null when there is no such live session */
export async function endAnySession(
  db: Db,
  sessionId: string,
  reason: EndReason,
  now: Date,
): Promise<{ id: string; email: string } | null> {
  const [owner] = await db.$queryRaw<{ id: string; email: string }[]>(Prisma.sql`
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason} FROM users
    WHERE sessions.id = ${sessionId}::uuid AND users.id = user_id AND ${isUnexpiredRow(now)} AND ${isOnNoRefusedKey}
    RETURNING users.id, users.email`);
  return owner ?? null;
}

/**
 * Ends up to `limit` live sessions, newest first. A concurrent call waits for their row locks and does not count them
 * again. The rows to update are an array, and not joined: where PostgreSQL expects far fewer rows than there are, it might
 * compare each session with each row.
 * @param which `except`: a session to leave alive; `userId`: only that account's sessions
 * @returns the sessions ended and their people, and how many were `found`. A session that gets another id meanwhile is
 *   found but not ended. One that moves to a new key meanwhile is neither, so only a call that finds none is the last
 */
export async function endSomeSessions(
  db: Db,
  which: { except?: string | null; userId?: string; limit: number },
  reason: EndReason,
  now: Date,
): Promise<AffectedCount & { found: number }> {
  const { except, userId, limit } = which;
  const others = except ? Prisma.sql`AND id <> ${except}::uuid` : Prisma.empty;
  const ownedBy = userId ? Prisma.sql`AND user_id = ${userId}::uuid` : Prisma.empty;
  const [ended] = await db.$queryRaw<(AffectedCount & { found: number })[]>(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM sessions WHERE ${isLiveSession(now)} ${others} ${ownedBy}
      ORDER BY ${newestFirst} LIMIT ${limit} FOR UPDATE ${plannedEachTime}
    ),
    ended AS (
      UPDATE sessions SET ended_at = ${now}, end_reason = ${reason}
      WHERE id = ANY (ARRAY (SELECT id FROM due)) RETURNING user_id
    )
    SELECT count(*)::int AS sessions, count(DISTINCT user_id)::int AS people,
           (SELECT count(*)::int FROM due) AS found
    FROM ended`);
  return ended ?? { sessions: 0, people: 0, found: 0 };
}

/**
 * Ends up to `limit` live sessions on keys that were retired early (`retired_by`), and returns how many. Nearly always no
 * such key has one. A first statement finds that out, by an index lookup for each key: as a part of the second, it would
 * not keep PostgreSQL from reading all sessions for the join.
 */
export async function endSomeOnRefusedKeys(db: Db, limit: number, now: Date): Promise<number> {
  const refused = await db.$queryRaw<{ kid: string }[]>(Prisma.sql`
    SELECT kid FROM signing_keys AS k WHERE retired_by IS NOT NULL
      AND (SELECT true FROM sessions WHERE kid = k.kid AND ${isUnexpiredRow(now)} ORDER BY ended_at LIMIT 1)`);
  if (refused.length === 0) return 0;
  return db.$executeRaw(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM sessions WHERE ${isUnexpiredRow(now)} AND kid = ANY (ARRAY (
        SELECT kid FROM signing_keys
        WHERE kid = ANY (${refused.map(({ kid }) => kid)}::uuid[]) AND retired_by IS NOT NULL))
      ORDER BY ${newestFirst} LIMIT ${limit} FOR UPDATE ${plannedEachTime}
    )
    UPDATE sessions SET ended_at = ${now}, end_reason = (
      SELECT CASE retired_by WHEN 'sign-out' THEN 'key-changed' ELSE 'key-retired' END
      FROM signing_keys WHERE kid = sessions.kid)
    WHERE id = ANY (ARRAY (SELECT id FROM due))`);
}

/** Finds the latest `renewableUntil` of the live sessions on a key; null when it has none. */
export async function findLastRenewableUntil(db: Db, kid: string, now: Date): Promise<Date | null> {
  const { _max } = await db.session.aggregate({
    where: { kid, endedAt: null, renewableUntil: { gt: now } },
    _max: { renewableUntil: true },
  });
  return _max.renewableUntil;
}

/** A keyset cursor in the list of sessions, newest first. */
export type SessionCursor = { id: string; createdAt: Date };

/**
 * Examines up to `limit` sessions after a cursor, newest first, that have not been ended, and shortens
 * `renewable_until` where it is more than the refresh time after the last use, so that nobody at work is logged out.
 * @param refreshTokenExpTime the refresh time in force, in seconds
 * @returns `done`: how many were shortened; `end`: the cursor for the next call, null when no sessions are left
 */
export async function capSomeRenewals(
  db: Db,
  refreshTokenExpTime: number,
  { after, limit }: { after: SessionCursor | null; limit: number },
): Promise<{ done: number; end: SessionCursor | null }> {
  const end = Prisma.sql`GREATEST(renewed_at, last_seen_at) + make_interval(secs => ${refreshTokenExpTime}::double precision)`;
  const beyond = after
    ? Prisma.sql`AND (created_at, id) < (${after.createdAt}, ${after.id}::uuid)`
    : Prisma.empty;
  const rows = await db.$queryRaw<(SessionCursor & { done: number })[]>(Prisma.sql`
    WITH seen AS MATERIALIZED (
      SELECT id, created_at, renewable_until > ${end} AS is_due FROM sessions WHERE ended_at IS NULL ${beyond}
      ORDER BY ${newestFirst} LIMIT ${limit}
    ),
    due AS MATERIALIZED (
      SELECT id FROM sessions
      WHERE id = ANY (ARRAY (SELECT id FROM seen WHERE is_due)) AND ended_at IS NULL AND renewable_until > ${end}
      ORDER BY ${newestFirst} FOR UPDATE ${plannedEachTime}
    ),
    capped AS (
      UPDATE sessions SET renewable_until = ${end} WHERE id = ANY (ARRAY (SELECT id FROM due)) RETURNING id
    )
    SELECT id, created_at AS "createdAt", (SELECT count(*)::int FROM capped) AS done
    FROM seen ORDER BY created_at, id LIMIT 1`);
  const [last] = rows;
  return last ? { done: last.done, end: last } : { done: 0, end: null };
}

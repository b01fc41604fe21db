import "server-only";
import { countRows } from "@/lib/core/count/store";
import type { Cursor } from "@/lib/core/cursor/rules";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { isLiveSession } from "@/lib/core/liveness/store";
import { matchesPerson } from "@/lib/core/person-search/store";
import { Prisma, type SessionKind } from "@/prisma/generated/client";
import { newestFirst } from "../store";
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
           k.fingerprint AS "keyFingerprint", k.verify_until IS NULL AS "isKeyCurrent"
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

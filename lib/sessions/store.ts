import "server-only";
import { byDatabaseClock, type Db, plannedEachTime, type RawDb } from "@/lib/core/db";
import { isLiveSession } from "@/lib/core/liveness/store";
import type { SealedKey } from "@/lib/tokens/store";
import { Prisma, type Session, type SigningKey, type User } from "@/prisma/generated/client";

/** The order of lists, and in which every statement that locks several sessions locks them, so that none can deadlock. */
export const newestFirst = Prisma.sql`created_at DESC, id DESC`;

/** A keyset cursor in that order. */
export type SessionCursor = Pick<Session, "id" | "createdAt">;

export type NewSession = Pick<
  Session,
  "id" | "userId" | "kind" | "address" | "userAgent" | "confirmedAt" | "renewableUntil" | "refreshJti"
> & { now: Date };

/** The columns of the expression `key` of `beginning`, as a `SealedKey`. */
export const keyColumns = Prisma.sql`kid, issuer, sealed_key AS "sealedKey"`;

/**
 * Returns two common table expressions: `key` has the current signing key, on which `begun` inserts a session. `key` has
 * no row on a database that was never set up, where no session is inserted.
 * @param change an earlier expression that must have a row for the session to be inserted; none by default
 */
export function beginning(session: NewSession, change?: Prisma.Sql): Prisma.Sql {
  const { id, userId, kind, now, confirmedAt, renewableUntil, address, userAgent, refreshJti } = session;
  return Prisma.sql`
    key AS (SELECT kid, issuer, sealed_key FROM signing_keys WHERE verify_until IS NULL),
    begun AS (
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, last_seen_at, confirmed_at, renewable_until,
        address, user_agent, refresh_jti)
      SELECT ${id}::uuid, ${userId}::uuid, ${kind}::"SessionKind", kid, ${now}, ${now}, ${now}, ${confirmedAt},
        ${renewableUntil}, ${address}, ${userAgent}, ${refreshJti}::uuid
      FROM key ${change ? Prisma.sql`CROSS JOIN ${change}` : Prisma.empty}
    )`;
}

/**
 * Inserts a session on the current signing key.
 * @returns the signing key; null on a database that was never set up, where no session is inserted
 */
export async function insertSession(db: RawDb, session: NewSession): Promise<SealedKey | null> {
  const rows = await db.$queryRaw<SealedKey[]>(
    Prisma.sql`WITH ${beginning(session)} SELECT ${keyColumns} FROM key`,
  );
  return rows[0] ?? null;
}

/** Everything that decides about a token, in one row: its session, the owner's account, and the keys of both. */
export type SessionRow = Pick<
  Session,
  "kind" | "renewedAt" | "renewableUntil" | "lastSeenAt" | "userId" | "confirmedAt" | "endedAt" | "refreshJti"
> &
  Pick<User, "email" | "firstName" | "lastName" | "authority" | "state" | "createdAt"> &
  Pick<SigningKey, "kid" | "issuer" | "sealedKey" | "verifyUntil"> & {
    sessionId: string;
    /** The stored `SpentTokens`, unparsed: when refresh tokens were used, by `jti`. See `readSpent`. */
    spentRefresh: unknown;
    /** Whether that key, or the one that the session is on, was retired early. */
    isKeyRefused: boolean;
    /** The time `now` of the query, by the database's clock, which all servers share. */
    askedAt: Date;
  };

/**
 * Finds a session, its owner, the key that the token names and the one that the session is on; null when the session or
 * the token's key does not exist. One round trip, because every request needs it, most of them twice.
 */
export async function findSession(
  db: RawDb,
  { sessionId, kid }: { sessionId: string; kid: string },
  now: Date,
): Promise<SessionRow | null> {
  const rows = await db.$queryRaw<SessionRow[]>(Prisma.sql`
    SELECT ${byDatabaseClock(now)} AS "askedAt", s.id AS "sessionId", s.kind,
           s.renewed_at AS "renewedAt", s.renewable_until AS "renewableUntil",
           s.last_seen_at AS "lastSeenAt", s.confirmed_at AS "confirmedAt", s.ended_at AS "endedAt",
           s.refresh_jti AS "refreshJti", s.spent_refresh AS "spentRefresh",
           u.id AS "userId", u.email, u.first_name AS "firstName", u.last_name AS "lastName", u.authority, u.state,
           u.created_at AS "createdAt",
           k.kid, k.issuer, k.sealed_key AS "sealedKey", k.verify_until AS "verifyUntil",
           k.retired_by IS NOT NULL OR own.retired_by IS NOT NULL AS "isKeyRefused"
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN signing_keys own ON own.kid = s.kid CROSS JOIN signing_keys k
    WHERE s.id = ${sessionId}::uuid AND k.kid = ${kid}::uuid`);
  return rows[0] ?? null;
}

/** Locks a live session's row until the end of the transaction; false when the session is not alive. */
export async function lockSessionRow(db: RawDb, sessionId: string, now: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(
    Prisma.sql`SELECT id FROM sessions WHERE id = ${sessionId}::uuid AND ${isLiveSession(now)} FOR UPDATE`,
  );
  return rows.length === 1;
}

/** Updates the time at which a session was last seen, unless it is later already. */
export async function touchSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db.session.updateMany({
    where: { id: sessionId, lastSeenAt: { lt: now } },
    data: { lastSeenAt: now },
  });
}

/** Records that the password was verified in a session; false when the session is not alive or got another id. */
export async function confirmSession(db: RawDb, sessionId: string, now: Date): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions SET confirmed_at = ${now} WHERE id = ${sessionId}::uuid AND ${isLiveSession(now)}`);
  return count === 1;
}

/**
 * Deletes up to `limit` sessions of a person, those first that have not been ended, newest first, as whatever ends
 * several of them locks them. For the deletion of an account, whose cascade would lock them in any order.
 * @returns how many were `found`, and how many of them were alive
 */
export async function deleteSomeSessionsOf(
  db: Db,
  userId: string,
  { limit, now }: { limit: number; now: Date },
): Promise<{ found: number; live: number }> {
  const [open] = await db.$queryRaw<{ found: number; live: number }[]>(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id, ${isLiveSession(now)} AS is_live FROM sessions WHERE user_id = ${userId}::uuid AND ended_at IS NULL
      ORDER BY ${newestFirst} LIMIT ${limit} FOR UPDATE ${plannedEachTime}
    ),
    deleted AS (DELETE FROM sessions WHERE id = ANY (ARRAY (SELECT id FROM due)))
    SELECT count(*)::int AS found, (count(*) FILTER (WHERE is_live))::int AS live FROM due`);
  const { found = 0, live = 0 } = open ?? {};
  const ended = await db.$executeRaw(Prisma.sql`
    DELETE FROM sessions WHERE id = ANY (ARRAY (
      SELECT id FROM sessions WHERE user_id = ${userId}::uuid AND ended_at IS NOT NULL
      LIMIT ${limit - found} FOR UPDATE SKIP LOCKED ${plannedEachTime}))`);
  return { found: found + ended, live };
}

/**
 * Examines up to `limit` sessions after a cursor, newest first, that began before a time, and deletes those that ended or
 * expired before it; skips locked rows. Sessions in the order of their end would take an index that every renewal changes.
 * @returns `done`: how many were deleted; `end`: the cursor for the next call, null when no sessions are left
 */
export async function deleteSomeOldSessions(
  db: Db,
  before: Date,
  { after, limit }: { after: SessionCursor | null; limit: number },
): Promise<{ done: number; end: SessionCursor | null }> {
  const isOver = Prisma.sql`least(ended_at, renewable_until) < ${before}`;
  const beyond = after
    ? Prisma.sql`AND (created_at, id) < (${after.createdAt}, ${after.id}::uuid)`
    : Prisma.empty;
  const rows = await db.$queryRaw<(SessionCursor & { done: number })[]>(Prisma.sql`
    WITH seen AS MATERIALIZED (
      SELECT id, created_at, ${isOver} AS is_over FROM sessions WHERE created_at < ${before} ${beyond}
      ORDER BY ${newestFirst} LIMIT ${limit}
    ),
    old AS MATERIALIZED (
      SELECT id FROM sessions WHERE id = ANY (ARRAY (SELECT id FROM seen WHERE is_over)) AND ${isOver}
      FOR UPDATE SKIP LOCKED ${plannedEachTime}
    ),
    deleted AS (DELETE FROM sessions WHERE id = ANY (ARRAY (SELECT id FROM old)) RETURNING id)
    SELECT id, created_at AS "createdAt", (SELECT count(*)::int FROM deleted) AS done
    FROM seen ORDER BY created_at, id LIMIT 1`);
  const [last] = rows;
  return last ? { done: last.done, end: last } : { done: 0, end: null };
}

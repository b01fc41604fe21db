import "server-only";
import { type Db, plannedEachTime, type RawDb } from "@/lib/core/db";
import { mayMoveTo } from "@/lib/core/liveness/store";
import { Prisma } from "@/prisma/generated/client";
import type { SpentTokens } from "../rules";
import { newestFirst, type SessionCursor } from "../store";

/**
 * Renews a live browser session: extends its end and moves it to a signing key.
 * @param renewal `id`: the session's id from now on; another one voids every token with the earlier id
 * @returns false when the session has ended or expired, or its key or the new one was refused
 */
export async function renewSessionRow(
  db: RawDb,
  sessionId: string,
  renewal: { id: string; kid: string; now: Date; renewableUntil: Date },
): Promise<boolean> {
  const { id, kid, now, renewableUntil } = renewal;
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions
    SET id = ${id}::uuid, kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now},
      renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND ${mayMoveTo(kid, now)}`);
  return count === 1;
}

/**
 * Moves a session to the key that signs another copy of its current refresh token, `jti`; false when the session is not
 * alive, or the token is no longer the current one.
 */
export async function moveRefreshRowToKey(
  db: RawDb,
  sessionId: string,
  { jti, kid, now }: { jti: string; kid: string; now: Date },
): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions SET kid = ${kid}::uuid
    WHERE id = ${sessionId}::uuid AND refresh_jti = ${jti}::uuid AND ${mayMoveTo(kid, now)}`);
  return count === 1;
}

/**
 * Extends a session's end and moves it to the key that signs another copy of its current refresh token.
 * @returns the `jti` of that token; null when the session is not alive or has no refresh token
 */
export async function extendRefreshRow(
  db: RawDb,
  sessionId: string,
  { kid, now, renewableUntil }: { kid: string; now: Date; renewableUntil: Date },
): Promise<string | null> {
  const rows = await db.$queryRaw<{ jti: string }[]>(Prisma.sql`
    UPDATE sessions
    SET kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now}, renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND refresh_jti IS NOT NULL AND ${mayMoveTo(kid, now)}
    RETURNING refresh_jti AS jti`);
  return rows[0]?.jti ?? null;
}

/** Moves a session to another key, so that it outlives the refusal of its current one. Its existing tokens do not. */
export async function moveToKey(db: Db, sessionId: string, kid: string): Promise<void> {
  await db.session.updateMany({ where: { id: sessionId }, data: { kid } });
}

/**
 * Replaces a session's refresh token and extends its end.
 * @param rotation `id`: as for `renewSessionRow`. `from`: the `jti` of the token that is replaced; null for whichever is
 *   current. `to`: the `jti` of the new one
 * @returns false when the session has ended or expired, its key was refused, or another request has used the token
 */
export async function rotateRefreshRow(
  db: RawDb,
  sessionId: string,
  rotation: {
    id: string;
    from: string | null;
    to: string;
    spentRefresh: SpentTokens;
    kid: string;
    now: Date;
    renewableUntil: Date;
  },
): Promise<boolean> {
  const { id, from, to, spentRefresh, kid, now, renewableUntil } = rotation;
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions
    SET id = ${id}::uuid, refresh_jti = ${to}::uuid, spent_refresh = ${JSON.stringify(spentRefresh)}::jsonb,
      kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now}, renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND (${from}::uuid IS NULL OR refresh_jti = ${from}::uuid) AND ${mayMoveTo(kid, now)}`);
  return count === 1;
}

/** Finds the latest `renewableUntil` of the live sessions on a key; null when it has none. */
export async function findLastRenewableUntil(db: Db, kid: string, now: Date): Promise<Date | null> {
  const { _max } = await db.session.aggregate({
    where: { kid, endedAt: null, renewableUntil: { gt: now } },
    _max: { renewableUntil: true },
  });
  return _max.renewableUntil;
}

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

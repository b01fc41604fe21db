import "server-only";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import { type Db, plannedEachTime, type RawDb } from "@/lib/core/db";
import { isLiveSession, isOnNoRefusedKey, isUnexpiredRow } from "@/lib/core/liveness/store";
import { Prisma } from "@/prisma/generated/client";
import type { AffectedCount } from "../live/schema";
import { newestFirst } from "../store";

/** Why a session ended. */
export type EndReason =
  | "logged-out"
  | "ended-by-owner"
  | "signed-out-by-administrator"
  | "password-changed"
  | "key-changed"
  | "key-retired"
  | "refresh-token-reused"
  | "another-login";

/** When and why a session ended; "not-renewed" if nobody renewed it in time. */
export type SessionEnding = { at: Date; reason: EndReason | "not-renewed" };

/**
 * Finds how sessions ended, by id. Leaves out sessions that are alive, and old ones whose rows have been deleted
 * (`lib/sessions/retention.ts`).
 */
export async function findSessionEndings(
  db: Db,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, SessionEnding>> {
  const rows = await db.session.findMany({
    where: { id: { in: [...ids] }, OR: [{ endedAt: { not: null } }, { renewableUntil: { lte: now } }] },
    select: { id: true, endedAt: true, endReason: true, renewableUntil: true },
  });
  return new Map(
    rows.map(({ id, endedAt, endReason, renewableUntil }) => [
      id,
      { at: endedAt ?? renewableUntil, reason: (endReason as EndReason | null) ?? "not-renewed" },
    ]),
  );
}

/** Ends one session; false when it has ended already, or got another id. */
export async function endSessionRow(
  db: RawDb,
  sessionId: string,
  reason: EndReason,
  now: Date,
): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason} WHERE id = ${sessionId}::uuid AND ended_at IS NULL`);
  return count === 1;
}

/**
 * The time by the slowest clock of any server. A session that has just expired by this server's clock may be alive by
 * another's, where it could be renewed: whatever ends sessions has to end it too.
 */
const bySlowestClock = (now: Date) => new Date(now.getTime() - MAX_CLOCK_SKEW_MS);

/** Which of one person's live sessions to end: all, all but one, or one, if it is theirs. */
export type SessionSelector =
  | { which: "all"; userId: string }
  | { which: "others"; userId: string; except: string }
  | { which: "one"; userId: string; id: string };

/**
 * Ends live sessions of one person, and returns how many. Locks the rows newest first, like every statement that ends
 * several sessions, so that they cannot deadlock. The session that `others` leaves alive is locked in the same order,
 * because the transaction may change it afterwards and would then lock it out of order.
 */
export async function endSessionRows(
  db: Db,
  selector: SessionSelector,
  reason: EndReason,
  now: Date,
): Promise<number> {
  const one = selector.which === "one" ? Prisma.sql`AND id = ${selector.id}::uuid` : Prisma.empty;
  const others = selector.which === "others" ? Prisma.sql`AND id <> ${selector.except}::uuid` : Prisma.empty;
  return db.$executeRaw(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM sessions WHERE user_id = ${selector.userId}::uuid ${one} AND ${isUnexpiredRow(bySlowestClock(now))}
      ORDER BY ${newestFirst} FOR UPDATE ${plannedEachTime}
    )
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason}
    WHERE id = ANY (ARRAY (SELECT id FROM due)) ${others} AND ${isOnNoRefusedKey}`);
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
    WHERE sessions.id = ${sessionId}::uuid AND users.id = user_id AND ${isUnexpiredRow(bySlowestClock(now))} AND ${isOnNoRefusedKey}
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
      SELECT id FROM sessions WHERE ${isLiveSession(bySlowestClock(now))} ${others} ${ownedBy}
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

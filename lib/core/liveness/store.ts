import "server-only";
import { type Authority, Prisma } from "@/prisma/generated/client";
import type { RawDb } from "../db";

/** The condition that a session's row has neither ended nor expired. Its key may still be refused: `isLiveSession`. */
export const isUnexpiredRow = (now: Date) => Prisma.sql`ended_at IS NULL AND renewable_until > ${now}`;

/** The keys that were not refused: not retired early. */
const trustedKeys = Prisma.sql`ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NULL)`;

/**
 * The condition that a session's key was not refused. Sessions on a refused key are over at once; the sweep marks their
 * rows later. Not a join: after waiting for a row lock, PostgreSQL evaluates this again on the row's new version, which may
 * have another key.
 */
const isOnTrustedKey = Prisma.sql`kid = ANY (${trustedKeys})`;

/**
 * The same condition for statements that end sessions. A statement that waits for a row lock knows only the keys of its
 * start: a key that the session has moved to meanwhile may be newer, and is not one that was refused.
 */
export const isOnNoRefusedKey = Prisma.sql`kid <> ALL (ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NOT NULL))`;

/** The condition that a session is alive: its row has neither ended nor expired, and its key was not refused. */
export const isLiveSession = (now: Date) => Prisma.sql`${isUnexpiredRow(now)} AND ${isOnTrustedKey}`;

/** The condition that a key was not refused. */
const isTrusted = (kid: string) => Prisma.sql`${kid}::uuid = ANY (${trustedKeys})`;

/**
 * The condition that a session is alive and may move to a key. Whoever renews it has read which key signs; a change of
 * keys since then may have refused that key, and have moved the session to the one that signs now.
 */
export const mayMoveTo = (kid: string, now: Date) => Prisma.sql`${isLiveSession(now)} AND ${isTrusted(kid)}`;

/**
 * Returns whether a session is alive, the key of its token was not refused, and its owner's account is active and of this
 * authority. The session may have moved to another key, as that of a program does which signs everyone else out.
 */
export async function isSessionOf(
  db: RawDb,
  { sessionId, kid, authority }: { sessionId: string; kid: string; authority: Authority },
  now: Date,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(Prisma.sql`
    SELECT id FROM sessions WHERE id = ${sessionId}::uuid AND ${isLiveSession(now)} AND ${isTrusted(kid)} AND EXISTS (
      SELECT FROM users WHERE users.id = user_id AND state = 'ACTIVE' AND authority = ${authority}::"Authority")`);
  return rows.length === 1;
}

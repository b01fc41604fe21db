import "server-only";
import { byDatabaseClock, type Db, type RawDb } from "@/lib/core/db";
import type { SigningKeyRow } from "@/lib/tokens/store";
import { type AccountState, type Authority, Prisma, type SessionKind } from "@/prisma/generated/client";
import type { SpentTokens } from "./rules";

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

export type NewSession = {
  id: string;
  userId: string;
  kind: SessionKind;
  now: Date;
  /** When its person proved the password. */
  confirmedAt: Date;
  renewableUntil: Date;
  address: string;
  userAgent: string;
  refreshJti: string | null;
};

/** A key of the ring, sealed, as far as it takes to sign with it. */
type SealedKey = Pick<SigningKeyRow, "kid" | "issuer" | "sealedKey">;

/**
 * Begins a session on the key that signs. Every login does, hence in one round trip.
 * @returns that key; null on a database that was never set up, where no session begins
 */
export async function insertSession(db: RawDb, session: NewSession): Promise<SealedKey | null> {
  const { id, userId, kind, now, confirmedAt, renewableUntil, address, userAgent, refreshJti } = session;
  const rows = await db.$queryRaw<SealedKey[]>(Prisma.sql`
    WITH key AS (SELECT kid, issuer, sealed_key FROM signing_keys WHERE verify_until IS NULL),
    begun AS (
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, last_seen_at, confirmed_at, renewable_until,
        address, user_agent, refresh_jti)
      SELECT ${id}::uuid, ${userId}::uuid, ${kind}::"SessionKind", kid, ${now}, ${now}, ${now}, ${confirmedAt},
        ${renewableUntil}, ${address}, ${userAgent}, ${refreshJti}::uuid
      FROM key
    )
    SELECT kid, issuer, sealed_key AS "sealedKey" FROM key`);
  return rows[0] ?? null;
}

/** All that decides about a token, in one row: its session, its person's account and the key that it names. */
export type SessionRow = {
  sessionId: string;
  kind: SessionKind;
  renewedAt: Date;
  renewableUntil: Date;
  lastSeenAt: Date;
  confirmedAt: Date;
  endedAt: Date | null;
  refreshJti: string | null;
  /** The `jti`s of used refresh tokens, with when, in epoch milliseconds. */
  spentRefresh: unknown;
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  authority: Authority;
  state: AccountState;
  createdAt: Date;
  kid: string;
  issuer: string;
  sealedKey: string;
  verifyUntil: Date | null;
  /** Who ended the key's time before it was over. */
  retiredBy: string | null;
  /** The moment of asking by the database's clock, which all servers share. */
  askedAt: Date;
};

/** The session, its person and the named key, in one round trip: every request asks for them, most of them twice. */
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
           k.kid, k.issuer, k.sealed_key AS "sealedKey", k.verify_until AS "verifyUntil", k.retired_by AS "retiredBy"
    FROM sessions s JOIN users u ON u.id = s.user_id CROSS JOIN signing_keys k
    WHERE s.id = ${sessionId}::uuid AND k.kid = ${kid}::uuid`);
  return rows[0] ?? null;
}

/** Whether a session has neither ended nor run out, by its row; on a refused key it is over all the same. */
export const isAlive = (now: Date) => Prisma.sql`ended_at IS NULL AND renewable_until > ${now}`;

/**
 * Whether nobody has refused a session's key; the sessions on one that was refused are over, and marked so a while later.
 * Not a join: whoever waited for the row decides by what it then holds, which may be another key.
 */
const isOnTrustedKey = Prisma.sql`kid = ANY (ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NULL))`;

/** Whether a session goes on. */
export const mayGoOn = (now: Date) => Prisma.sql`${isAlive(now)} AND ${isOnTrustedKey}`;

/**
 * Moves a live session's end; false when it has ended or run out in the meantime, or its key was refused.
 * @param renewal `id`: what the session is called from now on, if not as before; every token that names it by its earlier
 * id is then void
 */
export async function renewSessionRow(
  db: RawDb,
  sessionId: string,
  renewal: { id?: string; kid: string; now: Date; renewableUntil: Date },
): Promise<boolean> {
  const { id = sessionId, kid, now, renewableUntil } = renewal;
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions
    SET id = ${id}::uuid, kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now},
      renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND ${mayGoOn(now)}`);
  return count === 1;
}

/** Holds a session until the transaction ends; false when it cannot go on, and there is nothing to hold. */
export async function holdSession(db: RawDb, sessionId: string, now: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(
    Prisma.sql`SELECT id FROM sessions WHERE id = ${sessionId}::uuid AND ${mayGoOn(now)} FOR UPDATE`,
  );
  return rows.length === 1;
}

/**
 * Has a session go on under the key that signs another copy of its present refresh token, `jti`; false when it cannot go
 * on, or another token has taken that one's place.
 */
export async function repeatUnderKey(
  db: RawDb,
  sessionId: string,
  { jti, kid, now }: { jti: string; kid: string; now: Date },
): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions SET kid = ${kid}::uuid
    WHERE id = ${sessionId}::uuid AND refresh_jti = ${jti}::uuid AND ${mayGoOn(now)}`);
  return count === 1;
}

/**
 * Moves a session's end, and has it go on under the key that signs another copy of its present refresh token: the `jti` of
 * that. Null when it cannot go on, or has no such token.
 */
export async function prolongRefreshRow(
  db: RawDb,
  sessionId: string,
  { kid, now, renewableUntil }: { kid: string; now: Date; renewableUntil: Date },
): Promise<string | null> {
  const rows = await db.$queryRaw<{ jti: string }[]>(Prisma.sql`
    UPDATE sessions
    SET kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now}, renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND refresh_jti IS NOT NULL AND ${mayGoOn(now)}
    RETURNING refresh_jti AS jti`);
  return rows[0]?.jti ?? null;
}

/** Has a session go on under another key, whatever becomes of its own; its tokens do not. */
export async function moveToKey(db: Db, sessionId: string, kid: string): Promise<void> {
  await db.session.updateMany({ where: { id: sessionId }, data: { kid } });
}

/**
 * Puts another refresh token in the place of a session's present one, and moves the session's end. False when the
 * session has ended or run out, its key was refused, or somebody else has used the token in the meantime.
 * @param rotation `id`: what the session is called from now on, if not as before; every token that names it by its
 * earlier id is then void. `from`: the token that is given up; null for whichever there is
 */
export async function rotateRefreshRow(
  db: RawDb,
  sessionId: string,
  rotation: {
    id?: string | undefined;
    from: string | null;
    to: string;
    spentRefresh: SpentTokens;
    kid: string;
    now: Date;
    renewableUntil: Date;
  },
): Promise<boolean> {
  const { id = sessionId, from, to, spentRefresh, kid, now, renewableUntil } = rotation;
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE sessions
    SET id = ${id}::uuid, refresh_jti = ${to}::uuid, spent_refresh = ${JSON.stringify(spentRefresh)}::jsonb,
      kid = ${kid}::uuid, renewed_at = ${now}, last_seen_at = ${now}, renewable_until = ${renewableUntil}
    WHERE id = ${sessionId}::uuid AND (${from}::uuid IS NULL OR refresh_jti = ${from}::uuid) AND ${mayGoOn(now)}`);
  return count === 1;
}

/** Notes that a session was used. */
export async function touchSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db.session.updateMany({
    where: { id: sessionId, lastSeenAt: { lt: now } },
    data: { lastSeenAt: now },
  });
}

/** Notes that the session's person has just proved the password; false when it has ended, or goes on under another id. */
export async function confirmSession(db: Db, sessionId: string, now: Date): Promise<boolean> {
  const { count } = await db.session.updateMany({
    where: { id: sessionId, endedAt: null },
    data: { confirmedAt: now },
  });
  return count === 1;
}

/** Ends one session; false when it had ended already. */
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

/** One person's live sessions: all, all but one, or one, which is not ended if it is somebody else's. */
export type WhoseSessions =
  | { which: "all"; userId: string }
  | { which: "others"; userId: string; except: string }
  | { which: "one"; userId: string; id: string };

/**
 * Ends live sessions of one person. It locks them in the order that everybody keeps who ends several, so that no two wait
 * for one another. The one that `others` leaves alive is locked in its turn too, because the same transaction may change it
 * afterwards, and would then lock it out of order. Returns how many have ended.
 */
export async function endSessionRows(
  db: Db,
  whose: WhoseSessions,
  reason: EndReason,
  now: Date,
): Promise<number> {
  const one = whose.which === "one" ? Prisma.sql`AND id = ${whose.id}::uuid` : Prisma.empty;
  const others = whose.which === "others" ? Prisma.sql`AND due.id <> ${whose.except}::uuid` : Prisma.empty;
  return db.$executeRaw(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM sessions WHERE user_id = ${whose.userId}::uuid ${one} AND ${isAlive(now)}
      ORDER BY created_at DESC, id DESC FOR UPDATE
    )
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason} FROM due
    WHERE sessions.id = due.id ${others} AND ${isOnTrustedKey}`);
}

/** Holds all sessions of a person, over or not, in the order of whoever ends several; PostgreSQL would delete them in any. */
export async function holdSessionsOf(db: Db, userId: string): Promise<void> {
  await db.$queryRaw`
    SELECT FROM sessions WHERE user_id = ${userId}::uuid ORDER BY created_at DESC, id DESC FOR UPDATE`;
}

/** Removes up to `limit` sessions that ended, or could no longer be renewed, before a moment. Returns how many. */
export async function deleteOldSessions(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT id FROM sessions WHERE least(ended_at, renewable_until) < ${before}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    DELETE FROM sessions USING old WHERE sessions.id = old.id`;
}

import "server-only";
import { byDatabaseClock, type Db, plannedEachTime, type RawDb } from "@/lib/core/db";
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
  /** When its owner last proved the password. */
  confirmedAt: Date;
  renewableUntil: Date;
  address: string;
  userAgent: string;
  refreshJti: string | null;
};

/** The fields of a sealed key that are needed to sign with it. */
type SealedKey = Pick<SigningKeyRow, "kid" | "issuer" | "sealedKey">;

/**
 * Inserts a session on the current signing key, in one round trip because every login needs it.
 * @returns the signing key; null on a database that was never set up, where no session is inserted
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

/** Everything that decides about a token, in one row: its session, the owner's account and the key that it names. */
export type SessionRow = {
  sessionId: string;
  kind: SessionKind;
  renewedAt: Date;
  renewableUntil: Date;
  lastSeenAt: Date;
  confirmedAt: Date;
  endedAt: Date | null;
  refreshJti: string | null;
  /** The stored `SpentTokens`, unparsed: when refresh tokens were used, by `jti`. See `readSpent`. */
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
  /** What retired the key early (`Retirer`); null if nothing did. */
  retiredBy: string | null;
  /** The time of this query by the database's clock, which all servers share. */
  askedAt: Date;
};

/**
 * Finds a session, its owner and the key that the token names; null when the session or the key does not exist. One
 * round trip, because every request needs it, most of them twice.
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
           k.kid, k.issuer, k.sealed_key AS "sealedKey", k.verify_until AS "verifyUntil", k.retired_by AS "retiredBy"
    FROM sessions s JOIN users u ON u.id = s.user_id CROSS JOIN signing_keys k
    WHERE s.id = ${sessionId}::uuid AND k.kid = ${kid}::uuid`);
  return rows[0] ?? null;
}

/** The condition that a session's row has neither ended nor expired. Its key may still be refused: `isLiveSession`. */
export const isUnexpiredRow = (now: Date) => Prisma.sql`ended_at IS NULL AND renewable_until > ${now}`;

/**
 * The condition that a session's key was not retired early. Sessions on such a key are over at once; the sweep marks
 * their rows later. Not a join: after waiting for a row lock, PostgreSQL evaluates this again on the row's new version,
 * which may have another key.
 */
const isOnTrustedKey = Prisma.sql`kid = ANY (ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NULL))`;

/**
 * The same condition for statements that end sessions. A statement that waits for a row lock knows only the keys of its
 * start: a key that the session has moved to meanwhile may be newer, and is not one that was retired.
 */
export const isOnNoRefusedKey = Prisma.sql`kid <> ALL (ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NOT NULL))`;

/** The condition that a session is alive: its row has neither ended nor expired, and its key was not refused. */
export const isLiveSession = (now: Date) => Prisma.sql`${isUnexpiredRow(now)} AND ${isOnTrustedKey}`;

/** The condition that a key was not refused. */
const isTrusted = (kid: string) =>
  Prisma.sql`${kid}::uuid = ANY (ARRAY (SELECT kid FROM signing_keys WHERE retired_by IS NULL))`;

/**
 * The condition that a session is alive and may move to a key. Whoever renews it has read which key signs; a change of
 * keys since then may have refused that key, and have moved the session to the one that signs now.
 */
const mayMoveTo = (kid: string, now: Date) => Prisma.sql`${isLiveSession(now)} AND ${isTrusted(kid)}`;

/**
 * Renews a live browser session: extends its end and moves it to a signing key.
 * @param renewal `id`: the session's new id, if it gets one, which voids every token with the earlier id
 * @returns false when the session has ended or expired, or its key or the new one was refused
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
    WHERE id = ${sessionId}::uuid AND ${mayMoveTo(kid, now)}`);
  return count === 1;
}

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

/** Locks a live session's row until the end of the transaction; false when the session is not alive. */
export async function lockSessionRow(db: RawDb, sessionId: string, now: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(
    Prisma.sql`SELECT id FROM sessions WHERE id = ${sessionId}::uuid AND ${isLiveSession(now)} FOR UPDATE`,
  );
  return rows.length === 1;
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
 * @param rotation `id`: the session's new id, if it gets one, which voids every token with the earlier id.
 *   `from`: the `jti` of the token that is replaced; null for whichever is current. `to`: the `jti` of the new one
 * @returns false when the session has ended or expired, its key was refused, or another request has used the token
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
    WHERE id = ${sessionId}::uuid AND (${from}::uuid IS NULL OR refresh_jti = ${from}::uuid) AND ${mayMoveTo(kid, now)}`);
  return count === 1;
}

/** Updates the time at which a session was last seen, unless it is later already. */
export async function touchSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db.session.updateMany({
    where: { id: sessionId, lastSeenAt: { lt: now } },
    data: { lastSeenAt: now },
  });
}

/** Records that the password was verified in a session; false when the session has ended or got another id. */
export async function confirmSession(db: Db, sessionId: string, now: Date): Promise<boolean> {
  const { count } = await db.session.updateMany({
    where: { id: sessionId, endedAt: null },
    data: { confirmedAt: now },
  });
  return count === 1;
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
      SELECT id FROM sessions WHERE user_id = ${selector.userId}::uuid ${one} AND ${isUnexpiredRow(now)}
      ORDER BY created_at DESC, id DESC FOR UPDATE ${plannedEachTime}
    )
    UPDATE sessions SET ended_at = ${now}, end_reason = ${reason}
    WHERE id = ANY (ARRAY (SELECT id FROM due)) ${others} AND ${isOnNoRefusedKey}`);
}

/**
 * Locks all sessions of a person, ended ones too, in the order of `endSessionRows`. For the deletion of an account,
 * whose cascade would lock them in any order.
 */
export async function lockSessionRowsOf(db: Db, userId: string): Promise<void> {
  await db.$queryRaw`
    SELECT FROM sessions WHERE user_id = ${userId}::uuid ORDER BY created_at DESC, id DESC FOR UPDATE`;
}

/** Deletes up to `limit` sessions that ended or expired before a time; skips locked rows. @returns how many */
export async function deleteOldSessions(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH old AS MATERIALIZED (
      SELECT id FROM sessions WHERE least(ended_at, renewable_until) < ${before}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    DELETE FROM sessions WHERE id = ANY (ARRAY (SELECT id FROM old))`);
}

import "server-only";
import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/service";
import { type Actor, type Anonymous, requirePerson } from "@/lib/core/actor";
import { type Db, db, driver } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import { createRowTurns } from "@/lib/core/row-turns";
import {
  signAccessToken,
  signRefreshToken,
  type TokenOwner,
  type TokenSubject,
  verifyRefreshToken,
} from "@/lib/tokens/jwt";
import { openKey } from "@/lib/tokens/key-ring";
import { endSessionRow } from "../endings/store";
import { recognise } from "../recognition";
import { extendRefreshRow, moveRefreshRowToKey, rotateRefreshRow } from "../renewal/store";
import { readSpent, refreshVerdict, type SpentTokens, secondsAfter, withSpent } from "../rules";
import { type Signing, signingInForce } from "../signing";
import type { SessionRow } from "../store";
import { BEARER_KINDS, type TokenRefusal } from "./bearer";

/** A program's access token and refresh token. */
export type TokenPair = { token: string; refreshToken: string };

/** @param refresh `jti`: the refresh token's id; `issuedAt`: its `iat`, from which its lifetime counts */
function signPair(
  { jwt, key }: Signing,
  subject: TokenSubject,
  refresh: { jti: string; issuedAt: Date },
  now: Date,
): TokenPair {
  const opened = openKey(key);
  const { jti, issuedAt } = refresh;
  return {
    token: signAccessToken(opened, subject, jwt.tokenExpirationTime, now),
    refreshToken: signRefreshToken(opened, { ...subject, jti }, jwt.refreshTokenExpTime, issuedAt),
  };
}

type Rotation = {
  subject: TokenSubject;
  /** The session's new id, if it gets one. */
  newSessionId?: string;
  /** The `jti` of the refresh token that is replaced; null for whichever is current. */
  from: string | null;
  spentRefresh: SpentTokens;
};

/** Rotates a session's refresh token and signs its next pair; null when it has ended, or a concurrent request won. */
async function rotate(tx: Db, rotation: Rotation, now: Date): Promise<TokenPair | null> {
  const { subject, newSessionId: id = subject.sessionId, from, spentRefresh } = rotation;
  const signing = await signingInForce(tx);
  const { kid } = signing.key;
  const jti = randomUUID();
  const renewableUntil = secondsAfter(now, signing.jwt.refreshTokenExpTime);
  const change = { id, from, to: jti, spentRefresh, kid, now, renewableUntil };
  if (!(await rotateRefreshRow(tx, subject.sessionId, change))) return null;
  return signPair(signing, { ...subject, sessionId: id }, { jti, issuedAt: now }, now);
}

/**
 * Signs a new access token and another copy of the current refresh token, `jti`; null when the session has ended, or
 * its refresh token was rotated, in the meantime.
 */
async function reissueCurrent(row: SessionRow, jti: string, now: Date): Promise<TokenPair | null> {
  const signing = await signingInForce(driver());
  const { kid } = signing.key;
  // Fails if the session's own key was refused: otherwise the session would continue on tokens signed by another key.
  if (!(await moveRefreshRowToKey(db(), row.sessionId, { jti, kid, now }))) return null;
  return signPair(signing, row, { jti, issuedAt: row.renewedAt }, now);
}

/** Each locks the session's row. */
const inTurn = createRowTurns("refreshes");

/**
 * Exchanges a refresh token for a new pair, once. Within the grace period, a second use returns a pair with the same
 * successor. A later use means that the token leaked, from its owner or to the caller, and ends the session (RFC 9700,
 * 4.14.2).
 * @throws Refusal "overloaded" when concurrent requests win three times, too many for one session wait, or this one has
 *   waited too long
 */
export async function refreshTokens(
  actor: Anonymous,
  { refreshToken }: { refreshToken: string },
  now = new Date(),
): Promise<Success<TokenPair> | TokenRefusal> {
  const begun = performance.now();
  // When a concurrent request wins, the next attempt reads its result from the row.
  for (let attempts = 1; ; attempts += 1) {
    const recognised = await recognise(refreshToken, BEARER_KINDS, verifyRefreshToken, now);
    if (recognised.state === "unknown") return { ok: false, code: "unauthenticated" };
    if (recognised.state !== "live") return { ok: false, code: "token-expired" };
    const { row, claims } = recognised;
    const result = await inTurn(row.sessionId, () => {
      // Not `askedAt`: the grace period would be over before a token that had to wait for so long is used.
      const usedAt = new Date(row.askedAt.getTime() + performance.now() - begun);
      return exchange(actor, row, { jti: claims.jti, usedAt }, now);
    });
    if (result) return result;
    if (attempts === 3) throw new Refusal("overloaded", 1);
  }
}

/**
 * @param token `jti`: the refresh token's id; `usedAt`: the present, by the database's clock
 * @returns null when a concurrent request won
 */
async function exchange(
  actor: Anonymous,
  row: SessionRow,
  { jti, usedAt }: { jti: string; usedAt: Date },
  now: Date,
): Promise<Success<TokenPair> | TokenRefusal | null> {
  const spent = readSpent(row.spentRefresh);
  // The grace period uses the database's clock, because the servers' clocks may differ by more than its length.
  const verdict = refreshVerdict({ refreshJti: row.refreshJti, spent }, jti, row.askedAt);
  if (verdict === "reused") {
    await endLeaked(actor, row, now);
    return { ok: false, code: "token-expired" };
  }
  const next = { subject: row, from: jti, spentRefresh: withSpent(spent, jti, usedAt) };
  const pair =
    verdict === "in-grace" && row.refreshJti
      ? await reissueCurrent(row, row.refreshJti, now)
      : await rotate(db(), next, now);
  return pair && { ok: true, ...pair };
}

async function endLeaked(actor: Anonymous, row: SessionRow, now: Date): Promise<void> {
  await db().$transaction(async (tx) => {
    if (!(await endSessionRow(tx, row.sessionId, "refresh-token-reused", now))) return;
    const subject = { id: row.userId, email: row.email };
    const details = { reason: "refresh-token-reused", sessions: 1, sessionId: row.sessionId } as const;
    await audit(tx, actor, [{ kind: "sessions-ended", subject, details }], now);
  });
}

/**
 * Gives the actor's own session a new pair and the id `newSessionId`, which voids all its earlier tokens (ASVS 7.2.4).
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function replaceOwnTokens(
  tx: Db,
  actor: Actor,
  owner: TokenOwner,
  { newSessionId, now }: { newSessionId: string; now: Date },
): Promise<TokenPair> {
  const { sessionId } = requirePerson(actor);
  const rotation = { subject: { ...owner, sessionId }, newSessionId, from: null, spentRefresh: {} };
  const pair = await rotate(tx, rotation, now);
  if (!pair) throw new Refusal("unauthenticated");
  return pair;
}

/**
 * Gives the actor's own session a pair under the signing key and lifetimes in force. The refresh token is another copy
 * of the current one, which stays valid: ThingsBoard's clients pass the answer to their caller but continue with the
 * tokens they have.
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function reissueOwnTokens(
  tx: Db,
  actor: Actor,
  owner: TokenOwner,
  now: Date,
): Promise<TokenPair> {
  const { sessionId } = requirePerson(actor);
  const signing = await signingInForce(tx);
  const { kid } = signing.key;
  const renewableUntil = secondsAfter(now, signing.jwt.refreshTokenExpTime);
  const jti = await extendRefreshRow(tx, sessionId, { kid, now, renewableUntil });
  if (jti === null) throw new Refusal("unauthenticated");
  return signPair(signing, { ...owner, sessionId }, { jti, issuedAt: now }, now);
}

import "server-only";
import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/service";
import { type Actor, type Anonymous, requirePerson } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import { settingsInForce } from "@/lib/settings/service";
import { signAccessToken, signRefreshToken, type TokenSubject, verifyRefreshToken } from "@/lib/tokens/jwt";
import { currentKey, openKey } from "@/lib/tokens/key-ring";
import { recognise } from "../recognition";
import { readSpent, refreshVerdict, type SpentTokens, withSpent } from "../rules";
import {
  endSessionRow,
  prolongRefreshRow,
  repeatUnderKey,
  rotateRefreshRow,
  type SessionRow,
} from "../store";
import { BEARER_KINDS, type TokenRefusal } from "./bearer";

/** What a program needs to go on. */
export type TokenPair = { token: string; refreshToken: string };

type Issue = {
  person: TokenSubject;
  /** What the session is called from now on, if not as before. */
  renamed?: string;
  /** The refresh token that is given up, null for whichever there is, and what is still led to its successor. */
  from: string | null;
  spentRefresh: SpentTokens;
};

/** Gives a session its next pair; null when it has ended, or somebody else was faster. */
async function issueNext(tx: Db, issue: Issue, now: Date): Promise<TokenPair | null> {
  const { person, renamed, from, spentRefresh } = issue;
  const [settings, key] = await Promise.all([settingsInForce(tx), currentKey(tx)]);
  const { refreshTokenExpTime, tokenExpirationTime } = settings.jwt.values;
  const jti = randomUUID();
  const renewableUntil = new Date(now.getTime() + refreshTokenExpTime * 1000);
  const rotation = { id: renamed, from, to: jti, spentRefresh, kid: key.kid, now, renewableUntil };
  if (!(await rotateRefreshRow(tx, person.sessionId, rotation))) return null;
  const opened = openKey(key);
  const subject = { ...person, sessionId: renamed ?? person.sessionId };
  return {
    token: signAccessToken(opened, subject, tokenExpirationTime, now),
    refreshToken: signRefreshToken(opened, { ...subject, jti }, refreshTokenExpTime, now),
  };
}

/**
 * A fresh access token beside the refresh token that is in force already; null when the session has ended, or gone on, in
 * the meantime.
 */
async function repeatNewest(row: SessionRow, jti: string, now: Date): Promise<TokenPair | null> {
  const [settings, key] = await Promise.all([settingsInForce(), currentKey(db())]);
  const { refreshTokenExpTime, tokenExpirationTime } = settings.jwt.values;
  // Else a session whose own key is refused would go on with what another one has signed.
  if (!(await repeatUnderKey(db(), row.sessionId, { jti, kid: key.kid, now }))) return null;
  const opened = openKey(key);
  return {
    token: signAccessToken(opened, row, tokenExpirationTime, now),
    refreshToken: signRefreshToken(opened, { ...row, jti }, refreshTokenExpTime, row.renewedAt),
  };
}

/**
 * Exchanges a refresh token for a new pair, once: whoever used it at the same time is led to the same successor, and
 * whoever uses it later has got hold of what was not theirs, or lost what was. The session then ends (RFC 9700, 4.14.2).
 */
export async function refreshTokens(
  actor: Anonymous,
  { refreshToken }: { refreshToken: string },
  now = new Date(),
): Promise<Success<TokenPair> | TokenRefusal> {
  // The second time, the row says who was faster.
  for (let attempts = 1; ; attempts += 1) {
    const recognised = await recognise(refreshToken, BEARER_KINDS, verifyRefreshToken, now);
    if (recognised.state === "unknown") return { ok: false, code: "unauthenticated" };
    if (recognised.state !== "live") return { ok: false, code: "token-expired" };
    const { row, claims } = recognised;
    const spent = readSpent(row.spentRefresh);
    // Servers' clocks may differ by more than the grace: it is measured by the database's.
    const verdict = refreshVerdict({ refreshJti: row.refreshJti, spent }, claims.jti, row.askedAt);
    if (verdict === "reused") {
      await endLeaked(actor, row, now);
      return { ok: false, code: "token-expired" };
    }
    const next = { person: row, from: claims.jti, spentRefresh: withSpent(spent, claims.jti, row.askedAt) };
    const pair =
      verdict === "in-grace" && row.refreshJti
        ? await repeatNewest(row, row.refreshJti, now)
        : await issueNext(db(), next, now);
    if (pair) return { ok: true, ...pair };
    if (attempts === 3) throw new Refusal("overloaded", 1);
  }
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
 * Gives the actor's own session, called `renamed` from now on, a new pair; its earlier tokens, whoever has them, are good
 * for nothing afterwards (ASVS 7.2.4).
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function replaceOwnTokens(
  tx: Db,
  actor: Actor,
  subject: Omit<TokenSubject, "sessionId">,
  { renamed, now }: { renamed: string; now: Date },
): Promise<TokenPair> {
  const { sessionId } = requirePerson(actor);
  const issue = { person: { ...subject, sessionId }, renamed, from: null, spentRefresh: {} };
  const pair = await issueNext(tx, issue, now);
  if (!pair) throw new Refusal("unauthenticated");
  return pair;
}

/**
 * Gives the actor's own session a pair under the key and the lifetimes in force. Its refresh token is another copy of the
 * present one, which is not used up: ThingsBoard's clients hand the answer on to their caller, and go on with what they have.
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function prolongOwnTokens(
  tx: Db,
  actor: Actor,
  subject: Omit<TokenSubject, "sessionId">,
  now: Date,
): Promise<TokenPair> {
  const { sessionId } = requirePerson(actor);
  const [settings, key] = await Promise.all([settingsInForce(tx), currentKey(tx)]);
  const { refreshTokenExpTime, tokenExpirationTime } = settings.jwt.values;
  const renewableUntil = new Date(now.getTime() + refreshTokenExpTime * 1000);
  const jti = await prolongRefreshRow(tx, sessionId, { kid: key.kid, now, renewableUntil });
  if (jti === null) throw new Refusal("unauthenticated");
  const opened = openKey(key);
  return {
    token: signAccessToken(opened, { ...subject, sessionId }, tokenExpirationTime, now),
    refreshToken: signRefreshToken(opened, { ...subject, sessionId, jti }, refreshTokenExpTime, now),
  };
}

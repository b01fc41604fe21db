import "server-only";
import { randomUUID } from "node:crypto";
import type { Origin } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { signAccessToken, signRefreshToken, type TokenOwner } from "@/lib/tokens/jwt";
import { openKey, requireKey } from "@/lib/tokens/key-ring";
import type { SealedKey } from "@/lib/tokens/store";
import type { SessionKind } from "@/prisma/generated/enums";
import { secondsAfter } from "./rules";
import { insertSession, type NewSession } from "./store";

/** A new session's tokens. A browser has no refresh token: `continueBrowserSession` renews its access token. */
export type StartedSession = { sessionId: string; token: string; refreshToken: string | null };

/** What a session starts under. `confirmedAt`: when the password was verified, if in another session; by default `now` */
export type StartContext = { origin: Origin; jwt: JwtSettings; now: Date; confirmedAt?: Date };

/**
 * Starts a session and signs its tokens, within the transaction that completes the login.
 * @throws Error on a database that was never set up; SealBroken when the signing key cannot be unsealed
 */
export async function startSession(
  tx: RawDb,
  owner: TokenOwner,
  kind: SessionKind,
  context: StartContext,
): Promise<StartedSession> {
  const session = newSession(owner.userId, kind, context);
  return signFirstTokens(session, owner, { key: await insertSession(tx, session), jwt: context.jwt });
}

/** Returns a session that starts now, still to be inserted. */
export function newSession(userId: string, kind: SessionKind, context: StartContext): NewSession {
  const { origin, jwt, now, confirmedAt = now } = context;
  return {
    id: randomUUID(),
    userId,
    kind,
    now,
    confirmedAt,
    renewableUntil: secondsAfter(now, jwt.refreshTokenExpTime),
    address: origin.address,
    userAgent: origin.userAgent,
    refreshJti: kind === "BROWSER" ? null : randomUUID(),
  };
}

/**
 * Signs the tokens of a session that was just inserted.
 * @param signing `key`: the signing key that the session was inserted on
 * @throws Error on a database that was never set up; SealBroken when the signing key cannot be unsealed
 */
export function signFirstTokens(
  { id: sessionId, refreshJti, now }: NewSession,
  owner: TokenOwner,
  signing: { key: SealedKey | null; jwt: JwtSettings },
): StartedSession {
  const { tokenExpirationTime, refreshTokenExpTime } = signing.jwt;
  const key = openKey(requireKey(signing.key));
  const token = signAccessToken(key, { ...owner, sessionId }, tokenExpirationTime, now);
  if (refreshJti === null) return { sessionId, token, refreshToken: null };
  const refreshed = { ...owner, sessionId, jti: refreshJti };
  return { sessionId, token, refreshToken: signRefreshToken(key, refreshed, refreshTokenExpTime, now) };
}

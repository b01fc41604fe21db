import "server-only";
import { randomUUID } from "node:crypto";
import type { Origin } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { signAccessToken, signRefreshToken, type TokenSubject } from "@/lib/tokens/jwt";
import { openKey, requireKey } from "@/lib/tokens/key-ring";
import type { SessionKind } from "@/prisma/generated/enums";
import { secondsAfter } from "./rules";
import { insertSession } from "./store";

/** A new session's tokens. A browser has no refresh token: `continueBrowserSession` renews its access token. */
export type StartedSession = { sessionId: string; token: string; refreshToken: string | null };

/**
 * Starts a session and signs its tokens, within the transaction that completes the login.
 * @param context.confirmedAt when the password was verified, if that was in another session; by default `now`
 * @throws Error on a database that was never set up; SealBroken when the signing key cannot be unsealed
 */
export async function startSession(
  tx: RawDb,
  person: Omit<TokenSubject, "sessionId">,
  kind: SessionKind,
  context: { origin: Origin; jwt: JwtSettings; now: Date; confirmedAt?: Date },
): Promise<StartedSession> {
  const { origin, jwt, now, confirmedAt = now } = context;
  const sessionId = randomUUID();
  const refreshJti = kind === "BROWSER" ? null : randomUUID();
  const begunOn = await insertSession(tx, {
    id: sessionId,
    userId: person.userId,
    kind,
    now,
    confirmedAt,
    renewableUntil: secondsAfter(now, jwt.refreshTokenExpTime),
    address: origin.address,
    userAgent: origin.userAgent,
    refreshJti,
  });
  const key = openKey(requireKey(begunOn));
  const token = signAccessToken(key, { ...person, sessionId }, jwt.tokenExpirationTime, now);
  if (refreshJti === null) return { sessionId, token, refreshToken: null };
  const refreshed = { ...person, sessionId, jti: refreshJti };
  return { sessionId, token, refreshToken: signRefreshToken(key, refreshed, jwt.refreshTokenExpTime, now) };
}

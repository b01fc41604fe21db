import "server-only";
import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/service";
import { type Actor, type Origin, type Person, requirePerson } from "@/lib/core/actor";
import { db, driver, type RawDb } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { fullName } from "@/lib/core/full-name";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { signAccessToken, signRefreshToken, type TokenSubject, verifyAccessToken } from "@/lib/tokens/jwt";
import { currentKey, openKey, requireKey } from "@/lib/tokens/key-ring";
import type { SessionKind } from "@/prisma/generated/enums";
import { recognise } from "./recognition";
import { secondsAfter } from "./rules";
import {
  endSessionRow,
  insertSession,
  isSessionOf,
  renewSessionRow,
  type SessionRow,
  touchSession,
} from "./store";

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
  const refreshed = refreshJti && { ...person, sessionId, jti: refreshJti };
  const refreshToken = refreshed && signRefreshToken(key, refreshed, jwt.refreshTokenExpTime, now);
  return { sessionId, token, refreshToken: refreshToken || null };
}

/** The shortest time between two updates of a session's `lastSeenAt`, in milliseconds. */
const TOUCH_INTERVAL_MS = 60_000;

/** Updates a session's `lastSeenAt`, at most once in `TOUCH_INTERVAL_MS`. */
export async function noteUse({ sessionId, lastSeenAt }: SessionRow, now: Date): Promise<void> {
  if (now.getTime() - lastSeenAt.getTime() > TOUCH_INTERVAL_MS) await touchSession(db(), sessionId, now);
}

/** Returns the actor of a live session's request. */
export function toPerson(row: SessionRow, origin: Origin): Person {
  return {
    kind: "person",
    userId: row.userId,
    email: row.email,
    name: fullName(row),
    authority: row.authority,
    sessionId: row.sessionId,
    confirmedAt: row.confirmedAt,
    address: origin.address,
    userAgent: origin.userAgent,
    requestId: origin.requestId,
  };
}

/**
 * Returns the person that an access token authenticates; null when it is not or no longer valid, or of another kind.
 */
export async function authenticate(
  token: string,
  kind: SessionKind,
  origin: Origin,
  now = new Date(),
): Promise<Person | null> {
  const recognised = await recognise(token, [kind], verifyAccessToken, now);
  return recognised.state === "live" ? toPerson(recognised.row, origin) : null;
}

/** Returns whether a person who was authenticated a while ago still would be, and with the same authority. */
export async function isStillLive(person: Person, now = new Date()): Promise<boolean> {
  return isSessionOf(driver(), person, now);
}

/**
 * How long before its end a browser's token is renewed, in milliseconds. It is checked at the start of a request, and
 * again by the page or the action: that comes later by the time in which a form arrives, half a minute at most.
 */
const RENEWED_AHEAD_MS = 30_000;

/** A browser session's next access token, and the lifetime of its cookie. */
export type BrowserToken = { token: string; maxAgeSeconds: number };

/** The state of a browser's token: invalid ("none"), valid ("live"), or exchanged for a new one ("renewed"). */
export type BrowserSession = { state: "none" } | { state: "live" } | ({ state: "renewed" } & BrowserToken);

/**
 * Checks a browser's token at the start of a request. A token of a live session that has expired, is about to, or would
 * expire after the session, is exchanged for a new one, so that a person who returns within the refresh time need not
 * log in again. The old token is not used up (docs/decisions/0019).
 */
export async function continueBrowserSession(token: string, now = new Date()): Promise<BrowserSession> {
  const recognised = await recognise(token, ["BROWSER"], verifyAccessToken, now);
  if (recognised.state === "unknown" || recognised.state === "over") return { state: "none" };
  const { row, claims } = recognised;
  const expiresAt = claims.exp * 1000;
  // The refresh time may have been shortened since: waiting for the token to expire would log out somebody at work.
  const outlivesSession = expiresAt > row.renewableUntil.getTime();
  if (expiresAt - now.getTime() > RENEWED_AHEAD_MS && !outlivesSession) {
    await noteUse(row, now);
    return { state: "live" };
  }
  const next = await issueNext(db(), row, row.sessionId, now);
  return next ? { state: "renewed", ...next } : { state: "none" };
}

/**
 * Gives the actor's own browser session another id and a new token, which voids every earlier token of the session
 * (ASVS 7.2.4).
 * @param change `newSessionId`: the session's new id
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function changeSessionId(
  tx: RawDb,
  actor: Actor,
  subject: Omit<TokenSubject, "sessionId">,
  { newSessionId, now }: { newSessionId: string; now: Date },
): Promise<BrowserToken> {
  const { sessionId } = requirePerson(actor);
  const next = await issueNext(tx, { ...subject, sessionId }, newSessionId, now);
  if (!next) throw new Refusal("unauthenticated");
  return next;
}

/**
 * Renews a browser session and returns its next token; null when the session has ended in the meantime.
 * @param id the session's id from now on
 */
async function issueNext(
  tx: RawDb,
  person: TokenSubject,
  id: string,
  now: Date,
): Promise<BrowserToken | null> {
  const { tokenExpirationTime, refreshTokenExpTime } = (await settingsInForce(tx)).jwt.values;
  const key = openKey(await currentKey(tx));
  const renewableUntil = secondsAfter(now, refreshTokenExpTime);
  if (!(await renewSessionRow(tx, person.sessionId, { id, kid: key.kid, now, renewableUntil }))) return null;
  const token = signAccessToken(key, { ...person, sessionId: id }, tokenExpirationTime, now);
  return { token, maxAgeSeconds: refreshTokenExpTime };
}

/** Ends the actor's own session, on all instances at once. @throws Refusal "unauthenticated" */
export async function logOut(actor: Actor, now = new Date()): Promise<void> {
  const person = requirePerson(actor);
  await db().$transaction(async (tx) => {
    if (await endSessionRow(tx, person.sessionId, "logged-out", now)) {
      await audit(tx, person, [{ kind: "logged-out" }], now);
    }
  });
}

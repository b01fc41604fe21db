import "server-only";
import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/service";
import { type Actor, type Origin, type Person, requirePerson } from "@/lib/core/actor";
import { db, type RawDb } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { fullName } from "@/lib/core/full-name";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { signAccessToken, signRefreshToken, type TokenSubject, verifyAccessToken } from "@/lib/tokens/jwt";
import { currentKey, openKey, requireKey } from "@/lib/tokens/key-ring";
import type { SessionKind } from "@/prisma/generated/enums";
import { recognise } from "./recognition";
import { endSessionRow, insertSession, renewSessionRow, type SessionRow, touchSession } from "./store";

const secondsAfter = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000);

/** A session's tokens. A browser's has no refresh token: it is renewed on its way in. */
export type StartedSession = { sessionId: string; token: string; refreshToken: string | null };

/**
 * Begins a session for a person who has just proved the password, inside the transaction that says so.
 * @param context.confirmedAt when the password was proved, if that was in another session
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

/** How long a session may be used before "last seen" is written again. */
const TOUCH_INTERVAL_MS = 60_000;

/** Notes that a session is in use, now and then. */
export async function noteUse({ sessionId, lastSeenAt }: SessionRow, now: Date): Promise<void> {
  if (now.getTime() - lastSeenAt.getTime() > TOUCH_INTERVAL_MS) await touchSession(db(), sessionId, now);
}

/** The person behind a live session. */
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

/** Who a token speaks for; null when it is not, or no longer, good. */
export async function authenticate(
  token: string,
  kind: SessionKind,
  origin: Origin,
  now = new Date(),
): Promise<Person | null> {
  const recognised = await recognise(token, [kind], verifyAccessToken, now);
  return recognised.state === "live" ? toPerson(recognised.row, origin) : null;
}

/** A browser's next token, and how long it keeps it. */
export type BrowserToken = { token: string; maxAgeSeconds: number };

/** What a browser's token is good for: nothing, as it is, or in exchange for a new one. */
export type BrowserSession = { state: "none" } | { state: "live" } | ({ state: "renewed" } & BrowserToken);

/**
 * Looks after a browser's session on its way in: an expired token of a live session is exchanged for a new one, so that
 * nobody who comes back within the refresh time is asked for a password.
 */
export async function continueBrowserSession(token: string, now = new Date()): Promise<BrowserSession> {
  const recognised = await recognise(token, ["BROWSER"], verifyAccessToken, now);
  if (recognised.state === "unknown" || recognised.state === "over") return { state: "none" };
  const { row } = recognised;
  if (recognised.state === "live") {
    await noteUse(row, now);
    return { state: "live" };
  }
  const next = await issueNext(db(), row, row.sessionId, now);
  return next ? { state: "renewed", ...next } : { state: "none" };
}

/**
 * Gives the actor's own session, a browser's, another id and a new token: every other copy of its token is void from
 * then on (ASVS 7.2.4).
 * @throws Refusal "unauthenticated" when the session has ended
 */
export async function renameBrowserSession(
  tx: RawDb,
  actor: Actor,
  subject: Omit<TokenSubject, "sessionId">,
  { renamed, now }: { renamed: string; now: Date },
): Promise<BrowserToken> {
  const { sessionId } = requirePerson(actor);
  const next = await issueNext(tx, { ...subject, sessionId }, renamed, now);
  if (!next) throw new Refusal("unauthenticated");
  return next;
}

/** Gives a browser's session, called `id` from now on, its next token; null when it has ended in the meantime. */
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

/** Ends the actor's own session, on every instance at once. */
export async function logOut(actor: Actor, now = new Date()): Promise<void> {
  const person = requirePerson(actor);
  await db().$transaction(async (tx) => {
    if (await endSessionRow(tx, person.sessionId, "logged-out", now)) {
      await audit(tx, person, [{ kind: "logged-out" }], now);
    }
  });
}

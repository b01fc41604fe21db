import "server-only";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { db, type RawDb } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { signAccessToken, type TokenOwner, type TokenSubject, verifyAccessToken } from "@/lib/tokens/jwt";
import { openKey } from "@/lib/tokens/key-ring";
import { noteUse, recognise } from "../recognition";
import { renewSessionRow } from "../renewal/store";
import { secondsAfter } from "../rules";
import { signingInForce } from "../signing";

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
 * expire after the session, is exchanged for a new one, and any token if the session has less time left than has passed,
 * so that a person who returns within the refresh time need not log in again. The old token is not used up
 * (docs/decisions/0019).
 */
export async function continueBrowserSession(token: string, now = new Date()): Promise<BrowserSession> {
  const recognised = await recognise(token, ["BROWSER"], verifyAccessToken, now);
  if (recognised.state === "unknown" || recognised.state === "over") return { state: "none" };
  const { row, claims } = recognised;
  const expiresAt = claims.exp * 1000;
  // The refresh time may have been shortened since: waiting for the token to expire would log out somebody at work.
  const outlivesSession = expiresAt > row.renewableUntil.getTime();
  // The session may last hardly longer than the token: few requests would come between the two ends.
  const isPastHalf = now.getTime() - row.renewedAt.getTime() > row.renewableUntil.getTime() - now.getTime();
  if (expiresAt - now.getTime() > RENEWED_AHEAD_MS && !outlivesSession && !isPastHalf) {
    await noteUse(row, now);
    return { state: "live" };
  }
  const next = await renew(db(), row, row.sessionId, now);
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
  owner: TokenOwner,
  { newSessionId, now }: { newSessionId: string; now: Date },
): Promise<BrowserToken> {
  const { sessionId } = requirePerson(actor);
  const next = await renew(tx, { ...owner, sessionId }, newSessionId, now);
  if (!next) throw new Refusal("unauthenticated");
  return next;
}

/**
 * Renews a browser session and returns its next token; null when the session has ended in the meantime.
 * @param id the session's id from now on
 */
async function renew(tx: RawDb, subject: TokenSubject, id: string, now: Date): Promise<BrowserToken | null> {
  const { jwt, key: row } = await signingInForce(tx);
  const key = openKey(row);
  const renewableUntil = secondsAfter(now, jwt.refreshTokenExpTime);
  if (!(await renewSessionRow(tx, subject.sessionId, { id, kid: key.kid, now, renewableUntil }))) return null;
  const token = signAccessToken(key, { ...subject, sessionId: id }, jwt.tokenExpirationTime, now);
  return { token, maxAgeSeconds: jwt.refreshTokenExpTime };
}

import "server-only";
import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/service";
import { type Actor, type Origin, type Person, requirePerson } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { JwtSettings } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { readTokenReference, signAccessToken, type TokenSubject, verifyAccessToken } from "@/lib/tokens/jwt";
import { currentKey, openKey } from "@/lib/tokens/key-ring";
import type { SessionKind } from "@/prisma/generated/enums";
import {
  endSessionRow,
  findSession,
  insertSession,
  renewSessionRow,
  type SessionRow,
  touchSession,
} from "./store";

const secondsAfter = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000);

export type StartedSession = { sessionId: string; token: string };

/** Begins a session for a person who has just proved the password, inside the transaction that says so. */
export async function startSession(
  tx: Db,
  person: Omit<TokenSubject, "sessionId">,
  kind: SessionKind,
  context: { origin: Origin; jwt: JwtSettings; now: Date },
): Promise<StartedSession> {
  const { origin, jwt, now } = context;
  const key = openKey(await currentKey(tx));
  const sessionId = randomUUID();
  await insertSession(tx, {
    id: sessionId,
    userId: person.userId,
    kind,
    kid: key.kid,
    now,
    renewableUntil: secondsAfter(now, jwt.refreshTokenExpTime),
    address: origin.address,
    userAgent: origin.userAgent,
  });
  const token = await signAccessToken(key, { ...person, sessionId }, jwt.tokenExpirationTime, now);
  return { sessionId, token };
}

/** How long a session may be used before "last seen" is written again. */
const TOUCH_INTERVAL_MS = 60_000;

/** A token that its session, its person and its key stand behind; it may have expired, and then can be renewed. */
type Recognised = { row: SessionRow; expired: boolean };

async function recognise(token: string, kind: SessionKind, now: Date): Promise<Recognised | null> {
  const reference = readTokenReference(token);
  if (!reference) return null;
  const row = await findSession(db(), reference.sessionId, reference.kid);
  if (!row || row.kind !== kind || row.state !== "ACTIVE") return null;
  if (row.endedAt || row.renewableUntil <= now) return null;
  if (row.verifyUntil && row.verifyUntil <= now) return null;
  const verdict = await verifyAccessToken(openKey(row), token, now);
  if (verdict.state === "forged" || verdict.claims.userId !== row.userId) return null;
  return { row, expired: verdict.state === "expired" };
}

function toPerson(row: SessionRow, origin: Origin): Person {
  return {
    kind: "person",
    userId: row.userId,
    email: row.email,
    name: [row.firstName, row.lastName].filter(Boolean).join(" "),
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
  const recognised = await recognise(token, kind, now);
  return recognised && !recognised.expired ? toPerson(recognised.row, origin) : null;
}

/** What a browser's token is good for: nothing, as it is, or in exchange for a new one. */
export type BrowserSession =
  | { state: "none" }
  | { state: "live" }
  | { state: "renewed"; token: string; maxAgeSeconds: number };

/**
 * Looks after a browser's session on its way in: an expired token of a live session is exchanged for a new one, so that
 * nobody who comes back within the refresh time is asked for a password.
 */
export async function continueBrowserSession(token: string, now = new Date()): Promise<BrowserSession> {
  const recognised = await recognise(token, "BROWSER", now);
  if (!recognised) return { state: "none" };
  const { row, expired } = recognised;
  if (!expired) {
    if (now.getTime() - row.lastSeenAt.getTime() > TOUCH_INTERVAL_MS)
      await touchSession(db(), row.sessionId, now);
    return { state: "live" };
  }
  const { tokenExpirationTime, refreshTokenExpTime } = (await settingsInForce()).jwt.values;
  const key = openKey(await currentKey(db()));
  const renewableUntil = secondsAfter(now, refreshTokenExpTime);
  if (!(await renewSessionRow(db(), row.sessionId, { kid: key.kid, now, renewableUntil })))
    return { state: "none" };
  return {
    state: "renewed",
    token: await signAccessToken(key, row, tokenExpirationTime, now),
    maxAgeSeconds: refreshTokenExpTime,
  };
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

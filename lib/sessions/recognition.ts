import "server-only";
import type { Origin, Person } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { fullName } from "@/lib/core/full-name";
import {
  type AccessClaims,
  type RefreshClaims,
  readTokenReference,
  type TokenKey,
  type TokenVerdict,
} from "@/lib/tokens/jwt";
import { openKey } from "@/lib/tokens/key-ring";
import { findKey } from "@/lib/tokens/store";
import type { SessionKind } from "@/prisma/generated/enums";
import { findSession, type SessionRow, touchSession } from "./store";

/**
 * What a token turned out to be:
 * - "unknown": Gatehouse did not sign it, or it is another kind of token or belongs to another kind of session.
 * - "over": Gatehouse signed it, but its session has ended or is on a refused key, its account is not active, or its own
 *   key no longer verifies.
 * - "expired": everything is valid except that its `exp` has passed.
 * - "live": valid.
 */
export type Recognised<Claims> =
  | { state: "unknown" }
  | { state: "over" }
  | { state: "expired" | "live"; row: SessionRow; claims: Claims };

type Verify<Claims> = (key: TokenKey, token: string, now: Date) => TokenVerdict<Claims>;

/**
 * Checks a token against the session, account and key that it names, normally with a single database query.
 * @param kinds the kinds of session that are accepted
 * @param verify checks the token's signature and claims: `verifyAccessToken` or `verifyRefreshToken`
 */
export async function recognise<Claims extends AccessClaims | RefreshClaims>(
  token: string,
  kinds: readonly SessionKind[],
  verify: Verify<Claims>,
  now: Date,
): Promise<Recognised<Claims>> {
  const reference = readTokenReference(token);
  if (!reference) return { state: "unknown" };
  const row = await findSession(driver(), reference, now);
  if (!row) {
    // The session may have been deleted with its account. The key alone can tell whether Gatehouse signed the token.
    const key = await findKey(db(), reference.kid);
    const isOurs = key && verify(openKey(key), token, now).state !== "forged";
    return { state: isOurs ? "over" : "unknown" };
  }
  const verdict = verify(openKey(row), token, now);
  if (verdict.state === "forged" || verdict.claims.userId !== row.userId || !kinds.includes(row.kind))
    return { state: "unknown" };
  const isOver =
    row.state !== "ACTIVE" ||
    row.endedAt !== null ||
    row.renewableUntil <= now ||
    // Holds at once, also on a server whose clock is still behind `verifyUntil`.
    row.isKeyRefused ||
    (row.verifyUntil !== null && row.verifyUntil <= now);
  if (isOver) return { state: "over" };
  return { state: verdict.state === "expired" ? "expired" : "live", row, claims: verdict.claims };
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
    kid: row.kid,
    confirmedAt: row.confirmedAt,
    address: origin.address,
    userAgent: origin.userAgent,
    requestId: origin.requestId,
  };
}

/** The shortest time between two updates of a session's `lastSeenAt`, in milliseconds. */
const TOUCH_INTERVAL_MS = 60_000;

/** Updates a session's `lastSeenAt`, at most once in `TOUCH_INTERVAL_MS`. */
export async function noteUse({ sessionId, lastSeenAt }: SessionRow, now: Date): Promise<void> {
  if (now.getTime() - lastSeenAt.getTime() > TOUCH_INTERVAL_MS) await touchSession(db(), sessionId, now);
}

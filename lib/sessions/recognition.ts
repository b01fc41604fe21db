import "server-only";
import { db, driver } from "@/lib/core/db";
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
import { findSession, type SessionRow } from "./store";

/**
 * What a token is. "unknown": not one of ours, or of another kind. "over": ours, but its session, its person or its key
 * stands behind it no more. Behind the others they do; an expired one only lacks time.
 */
export type Recognised<Claims> =
  | { state: "unknown" }
  | { state: "over" }
  | { state: "expired" | "live"; row: SessionRow; claims: Claims };

type Verify<Claims> = (key: TokenKey, token: string, now: Date) => TokenVerdict<Claims>;

/** Asks the database for all that a token names, and checks the one against the other. */
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
    // Its session may have gone with its person; that the token was ours once, the key alone can tell.
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
    // Also on a server whose clock has not come to the moment when somebody did.
    row.retiredBy !== null ||
    (row.verifyUntil !== null && row.verifyUntil <= now);
  if (isOver) return { state: "over" };
  return { state: verdict.state === "expired" ? "expired" : "live", row, claims: verdict.claims };
}

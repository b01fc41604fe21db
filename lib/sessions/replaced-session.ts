import "server-only";
import { audit } from "@/lib/audit/service";
import type { Anonymous } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { verifyAccessToken } from "@/lib/tokens/jwt";
import { endSessionRow } from "./endings/store";
import { recognise } from "./recognition";

/** A session that a login at the same browser replaces, with its owner, who may be another person. */
export type ReplacedSession = { sessionId: string; owner: { id: string; email: string } };

/**
 * Finds the session of the token in a browser's cookie, whoever owns it. An expired token counts, because its session
 * can still be renewed. Null for a session that is over, a forged token and a program's token.
 */
export async function findReplacedSession(token: string, now: Date): Promise<ReplacedSession | null> {
  const recognised = await recognise(token, ["BROWSER"], verifyAccessToken, now);
  if (recognised.state !== "live" && recognised.state !== "expired") return null;
  const { sessionId, userId: id, email } = recognised.row;
  return { sessionId, owner: { id, email } };
}

/**
 * Ends the replaced session, in the transaction that starts the new one. The new cookie overwrites the old one, so the
 * old session could no longer be logged out from this browser.
 */
export async function endReplacedSession(
  tx: RawDb,
  actor: Anonymous,
  { sessionId, owner }: ReplacedSession,
  now: Date,
): Promise<void> {
  if (!(await endSessionRow(tx, sessionId, "another-login", now))) return;
  const details = { reason: "another-login", sessions: 1, sessionId } as const;
  await audit(tx, actor, [{ kind: "sessions-ended", subject: owner, details }], now);
}

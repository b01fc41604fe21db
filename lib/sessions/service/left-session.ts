import "server-only";
import { audit } from "@/lib/audit/service";
import type { Anonymous } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { verifyAccessToken } from "@/lib/tokens/jwt";
import { recognise } from "../recognition";
import { endSessionRow } from "../store";

/** A session that a browser gives up for another one, and whose it is. */
export type LeftSession = { sessionId: string; owner: { id: string; email: string } };

/**
 * The session that the token in a browser's cookie stands for, whoever's it is, if it could go on; also one that only
 * lacks time could. Null for a forged one, and for a program's.
 */
export async function findLeftSession(token: string, now: Date): Promise<LeftSession | null> {
  const recognised = await recognise(token, ["BROWSER"], verifyAccessToken, now);
  if (recognised.state !== "live" && recognised.state !== "expired") return null;
  const { sessionId, userId: id, email } = recognised.row;
  return { sessionId, owner: { id, email } };
}

/** Ends it, in the transaction in which the other one begins: with its cookie, its person would lose the means to. */
export async function endLeftSession(
  tx: RawDb,
  actor: Anonymous,
  { sessionId, owner }: LeftSession,
  now: Date,
): Promise<void> {
  if (!(await endSessionRow(tx, sessionId, "another-login", now))) return;
  const details = { reason: "another-login", sessions: 1, sessionId } as const;
  await audit(tx, actor, [{ kind: "sessions-ended", subject: owner, details }], now);
}

import "server-only";
import type { Subject } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { type EndReason, endSomeSessions } from "./endings/store";
import { hasMoreSessions } from "./live/store";
import { SESSIONS_BATCH_SIZE } from "./rules";

/** How many sessions one transaction can end, besides its other work, well within its time, on a busy machine too. */
const AT_ONCE = 10_000;

type OwnedSessions = {
  owner: Subject & { id: string };
  /** The id of a session to leave alive. */
  except?: string;
};

/**
 * Ends a person's sessions until no more are left than one transaction has time to end. Works in batches: each is a
 * transaction with its own audit event. Call it before a change that ends all of them in its own transaction, which
 * would time out otherwise: a program that logs in every second and never logs out has half a million.
 * @returns how many sessions were ended; 0 when there were no more than `atOnce`
 */
export async function endSurplusSessions(
  actor: Actor,
  { owner, except }: OwnedSessions,
  reason: EndReason,
  {
    now,
    atOnce = AT_ONCE,
    batchSize = SESSIONS_BATCH_SIZE,
  }: { now: Date; atOnce?: number; batchSize?: number },
): Promise<number> {
  const selection = { userId: owner.id, ...(except !== undefined && { except }) };
  let ended = 0;
  while (await hasMoreSessions(db(), selection, atOnce, now)) {
    ended += await db().$transaction(async (tx) => {
      const { sessions } = await endSomeSessions(tx, { ...selection, limit: batchSize }, reason, now);
      if (sessions > 0)
        await audit(tx, actor, [{ kind: "sessions-ended", subject: owner, details: { sessions } }], now);
      return sessions;
    });
  }
  return ended;
}

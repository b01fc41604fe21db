import "server-only";
import type { Subject } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { endSomeSessions, hasMoreSessions } from "../live/store";
import { SESSIONS_PORTION } from "../rules";
import type { EndReason } from "../store";

/** How many sessions a transaction ends in about a second, beside what else it does. */
const AT_ONCE = 50_000;

type Whose = {
  owner: Subject & { id: string };
  /** The session that goes on. */
  except?: string;
};

/**
 * Ends what sessions a person has beyond those that one transaction has time to end, in portions that have their event
 * each: a program that logs in every second, and never out, has half a million. It goes before a change that ends all of
 * them, which would fail otherwise, and does nothing where they are fewer.
 */
export async function endSurplusSessions(
  actor: Actor,
  { owner, except }: Whose,
  reason: EndReason,
  { now, atOnce = AT_ONCE, portion = SESSIONS_PORTION }: { now: Date; atOnce?: number; portion?: number },
): Promise<number> {
  const theirs = { userId: owner.id, ...(except !== undefined && { except }) };
  let ended = 0;
  while (await hasMoreSessions(db(), theirs, atOnce, now)) {
    ended += await db().$transaction(async (tx) => {
      const { sessions } = await endSomeSessions(tx, { ...theirs, limit: portion }, reason, now);
      if (sessions > 0)
        await audit(tx, actor, [{ kind: "sessions-ended", subject: owner, details: { sessions } }], now);
      return sessions;
    });
  }
  return ended;
}

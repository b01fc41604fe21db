import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { OWN_SESSIONS_SHOWN } from "../schema";
import { endSessionRows, findLiveSessions, type LiveSession } from "../store";

export type OwnSession = LiveSession & { isCurrent: boolean };

/** The person's own live sessions, the present one first, then the last used; no more than a page can show. */
export async function listOwnSessions(actor: Actor, now = new Date()): Promise<OwnSession[]> {
  const person = requirePerson(actor);
  const found = await findLiveSessions(db(), person.userId, { now, limit: OWN_SESSIONS_SHOWN });
  const sessions = found.map((session) => ({ ...session, isCurrent: session.id === person.sessionId }));
  return sessions.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}

/** Ends one of the person's own sessions; nobody else's, whatever its id. */
export async function endOwnSession(
  actor: Actor,
  { sessionId }: { sessionId: string },
  now = new Date(),
): Promise<Success | Failure<"not-found">> {
  const person = requirePerson(actor);
  return db().$transaction(async (tx) => {
    const mine = { which: "one", userId: person.userId, id: sessionId } as const;
    if ((await endSessionRows(tx, mine, "ended-by-owner", now)) === 0)
      return { ok: false, code: "not-found" } as const;
    await audit(tx, person, [{ kind: "sessions-ended", details: { sessions: 1, sessionId } }], now);
    return { ok: true } as const;
  });
}

/** Ends all of the person's sessions but the one they act in. */
export async function endOtherSessions(actor: Actor, now = new Date()): Promise<{ ended: number }> {
  const person = requirePerson(actor);
  return db().$transaction(async (tx) => {
    const others = { which: "others", userId: person.userId, except: person.sessionId } as const;
    const ended = await endSessionRows(tx, others, "ended-by-owner", now);
    if (ended > 0) await audit(tx, person, [{ kind: "sessions-ended", details: { sessions: ended } }], now);
    return { ended };
  });
}

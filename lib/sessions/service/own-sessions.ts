import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import type { Failure, Success } from "@/lib/core/result";
import { endSessionRows } from "../endings/store";
import type { SessionEntry } from "../live/schema";
import { countLiveSessions, findSessionEntries } from "../live/store";
import { OWN_SESSIONS_PAGE_SIZE, ownSessionsQuerySchema } from "../schema";
import { endSurplusSessions } from "../surplus";

export type OwnSession = SessionEntry & { isCurrent: boolean };

export type OwnSessionsPage = {
  sessions: OwnSession[];
  /** The number of live sessions besides the current one, on all pages. */
  others: number;
  nextCursor: string | null;
};

/**
 * Returns a page of the actor's own live sessions: the current one first, on every page, then the others, newest first.
 * @throws Refusal "unauthenticated", and as `readListInTurn` does
 */
export async function listOwnSessions(
  actor: Actor,
  input: unknown = {},
  now = new Date(),
): Promise<OwnSessionsPage> {
  const person = requirePerson(actor);
  const { userId, sessionId } = person;
  const after = decodeCursor(ownSessionsQuerySchema.parse(input).after);
  const { current, found, live } = await readListInTurn(person, async () => ({
    current: await findSessionEntries(db(), { userId, id: sessionId }, 1, now),
    found: await findSessionEntries(
      db(),
      { userId, except: sessionId, after },
      OWN_SESSIONS_PAGE_SIZE + 1,
      now,
    ),
    live: await countLiveSessions(db(), userId, now),
  }));
  const { page, nextCursor } = pageOf(found, OWN_SESSIONS_PAGE_SIZE, ({ createdAt: at, id }) => ({ at, id }));
  return {
    sessions: [...current, ...page].map((session) => ({ ...session, isCurrent: session.id === sessionId })),
    others: live - current.length,
    nextCursor,
  };
}

/** Ends one of the actor's own sessions; "not-found" for anybody else's. @throws Refusal "unauthenticated" */
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

/** Ends all of the actor's sessions except the current one. @throws Refusal "unauthenticated" */
export async function endOtherSessions(actor: Actor, now = new Date()): Promise<{ ended: number }> {
  const person = requirePerson(actor);
  const owner = { id: person.userId, email: person.email };
  const surplus = await endSurplusSessions(person, { owner, except: person.sessionId }, "ended-by-owner", {
    now,
  });
  return db().$transaction(async (tx) => {
    const others = { which: "others", userId: person.userId, except: person.sessionId } as const;
    let [ended, more] = [0, 0];
    // Repeated, because one of these sessions may sign an app in while this waits for its row lock.
    do {
      more = await endSessionRows(tx, others, "ended-by-owner", now);
      ended += more;
    } while (more > 0);
    if (ended > 0) await audit(tx, person, [{ kind: "sessions-ended", details: { sessions: ended } }], now);
    return { ended: surplus + ended };
  });
}

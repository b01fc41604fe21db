import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import type { Failure, Success } from "@/lib/core/result";
import { findAcceptedKeys } from "@/lib/tokens/store";
import { endAnySession, endSomeSessions } from "../endings/store";
import { SESSIONS_BATCH_SIZE } from "../rules";
import {
  type AffectedCount,
  type EndAllSessionsInput,
  SESSIONS_PAGE_SIZE,
  type SessionEntry,
  sessionsQuerySchema,
} from "./schema";
import { countLiveSessions, countSessionsAndPeople, findSessionEntries, findSessionOwner } from "./store";

/** The account that the list is limited to. */
export type SessionsOwner = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  liveSessions: number;
};

/** A key whose sessions a list can be limited to. */
export type SessionKey = { kid: string; issuer: string; fingerprint: string; isCurrent: boolean };

export type SessionsPage = {
  sessions: (SessionEntry & { isCurrent: boolean })[];
  nextCursor: string | null;
  /** Set when the query names an account and it exists. */
  owner: SessionsOwner | null;
};

/**
 * Returns a page of everyone's live sessions, newest first.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function listSessions(actor: Actor, input: unknown, now = new Date()): Promise<SessionsPage> {
  const administrator = requireAdministrator(actor);
  const { user, key, after, ...query } = sessionsQuerySchema.parse(input);
  const filter = { ...query, userId: user, kid: key, after: decodeCursor(after) };
  const { found, owner } = await readListInTurn(administrator, async () => ({
    found: await findSessionEntries(db(), filter, SESSIONS_PAGE_SIZE + 1, now),
    owner: user ? await describeOwner(user, now) : null,
  }));
  const { page, nextCursor } = pageOf(found, SESSIONS_PAGE_SIZE, ({ createdAt: at, id }) => ({ at, id }));
  return {
    sessions: page.map((entry) => ({ ...entry, isCurrent: entry.id === administrator.sessionId })),
    nextCursor,
    owner,
  };
}

/**
 * Returns the keys that live sessions can be on: the one that signs, then those that still verify.
 * @throws Refusal for anyone but a system administrator
 */
export async function listSessionKeys(actor: Actor, now = new Date()): Promise<SessionKey[]> {
  requireAdministrator(actor);
  return findAcceptedKeys(db(), now);
}

async function describeOwner(userId: string, now: Date): Promise<SessionsOwner | null> {
  const owner = await findSessionOwner(db(), userId);
  return owner && { ...owner, liveSessions: await countLiveSessions(db(), userId, now) };
}

/**
 * Counts the sessions and people that `endAllSessions` would affect, with and without the actor's own session.
 * @throws Refusal for anyone but a system administrator
 */
export async function countAffectedSessions(
  actor: Actor,
  now = new Date(),
): Promise<Success<{ others: AffectedCount; all: AffectedCount }>> {
  const { sessionId } = requireAdministrator(actor);
  return { ok: true, ...(await countSessionsAndPeople(db(), { except: sessionId }, now)) };
}

/**
 * Ends one session of any account, on all instances at once.
 * @returns the `email` that its owner has now
 * @throws Refusal for anyone but a system administrator
 */
export async function endSession(
  actor: Actor,
  { sessionId }: { sessionId: string },
  now = new Date(),
): Promise<Success<{ email: string }> | Failure<"ended-already">> {
  const administrator = requireAdministrator(actor);
  return db().$transaction(async (tx) => {
    const owner = await endAnySession(tx, sessionId, "signed-out-by-administrator", now);
    if (!owner) return { ok: false, code: "ended-already" } as const;
    const details = { reason: "administrator", sessions: 1, sessionId } as const;
    await audit(tx, administrator, [{ kind: "sessions-ended", subject: owner, details }], now);
    return { ok: true, email: owner.email } as const;
  });
}

/**
 * Ends everyone's sessions, in batches: each is a transaction with its own audit event. Runs until a batch finds no
 * session, because a session can get another id, or sign an app in, while a batch waits for its row lock. The next
 * batch then ends the session under its new id, or the new session.
 * @param input `includesOwn`: whether the actor's own session ends too
 * @throws Refusal for anyone but a system administrator
 */
export async function endAllSessions(
  actor: Actor,
  { includesOwn }: EndAllSessionsInput,
  now = new Date(),
  batchSize = SESSIONS_BATCH_SIZE,
): Promise<Success<{ sessions: number }>> {
  const administrator = requireAdministrator(actor);
  const which = { except: includesOwn ? null : administrator.sessionId, limit: batchSize };
  for (let sessions = 0; ; ) {
    const { found, ended } = await db().$transaction(async (tx) => {
      const { found, ...reach } = await endSomeSessions(tx, which, "signed-out-by-administrator", now);
      const details = { reason: "everyone", ...reach, includesOwn } as const;
      if (reach.sessions > 0) await audit(tx, administrator, [{ kind: "sessions-ended", details }], now);
      return { found, ended: reach.sessions };
    });
    sessions += ended;
    if (found === 0) return { ok: true, sessions };
  }
}

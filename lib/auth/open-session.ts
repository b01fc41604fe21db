import "server-only";
import { type ActorEvent, auditAll, auditRowOf } from "@/lib/audit/service";
import type { Origin } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import {
  newSession,
  type StartContext,
  type StartedSession,
  signFirstTokens,
  startSession,
} from "@/lib/sessions/start-session";
import { type TokenAccount, tokenOwnerOf } from "@/lib/tokens/jwt";
import type { SessionKind } from "@/prisma/generated/enums";
import type { RightAttempt } from "./attempt";
import { clearFailuresAndBegin } from "./store";

export type OpenedSession = StartedSession & { userId: string; email: string };

/** The kind of the session that a login opens, and what that starts under besides its origin. */
type Context = Omit<StartContext, "origin"> & { kind: SessionKind };

/**
 * Completes a login without an attempt on a password: starts a session and audits it. The caller has identified the
 * person before, by a link or an app's secret, and must store the time of the login on the account.
 */
export async function openSession(
  tx: RawDb,
  origin: Origin,
  account: TokenAccount,
  context: Context,
): Promise<OpenedSession> {
  const started = await startSession(tx, tokenOwnerOf(account), context.kind, { ...context, origin });
  await auditAll(tx, [loginEvent(origin, account, started.sessionId, context)]);
  return { ...started, userId: account.id, email: account.email };
}

/**
 * Completes a login with a right password. A single statement releases its reservation and resets the failed attempts,
 * as `settleSuccess` does, starts a session and audits it. Nearly every login ends here: one statement takes less CPU
 * time than five (docs/decisions/0022), and does not keep the account locked between two of them.
 * @returns a function that signs the tokens; null when the password no longer counts; nothing has changed then. To call
 *   after `attemptPassword`, because the login is recorded already: it throws an Error on a database that was never set
 *   up, and SealBroken when the signing key cannot be unsealed
 */
export async function openSessionByPassword(
  db: RawDb,
  origin: Origin,
  { account, newHash }: RightAttempt,
  context: Context,
): Promise<(() => OpenedSession) | null> {
  const session = newSession(account.id, context.kind, { ...context, origin });
  const event = auditRowOf(loginEvent(origin, account, session.id, context));
  const cleared = { ...account, newHash, loggedInAt: context.now };
  const begun = await clearFailuresAndBegin(db, cleared, session, event);
  if (!begun) return null;
  const owner = tokenOwnerOf({ ...account, ...begun.identity });
  return () => ({
    ...signFirstTokens(session, owner, { key: begun.key, jwt: context.jwt }),
    userId: account.id,
    email: owner.email,
  });
}

function loginEvent(
  { address, userAgent, requestId }: Origin,
  { id, email }: Pick<TokenAccount, "id" | "email">,
  sessionId: string,
  { kind, now }: Context,
): ActorEvent {
  const actor = { kind: "anonymous", address, userAgent, requestId } as const;
  const details = { how: kind, sessionId };
  return { actor, event: { kind: "login-succeeded", subject: { id, email }, details }, at: now };
}

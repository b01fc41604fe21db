import "server-only";
import { audit } from "@/lib/audit/service";
import type { Origin } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { type StartedSession, startSession } from "@/lib/sessions/start-session";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { type TokenAccount, tokenSubjectOf } from "@/lib/tokens/jwt";
import type { SessionKind } from "@/prisma/generated/enums";

export type OpenedSession = StartedSession & { userId: string; email: string };

/**
 * Completes a login: starts a session and audits it. The caller has verified or set the password before, and must store
 * the time of the login on the account.
 * @param context.confirmedAt when the password was verified, if that was in another session; by default `now`
 */
export async function openSession(
  tx: RawDb,
  { address, userAgent, requestId }: Origin,
  account: TokenAccount,
  context: { kind: SessionKind; jwt: JwtSettings; now: Date; confirmedAt?: Date },
): Promise<OpenedSession> {
  const { kind, now } = context;
  const origin = { address, userAgent, requestId };
  const { id: userId, email } = account;
  const session = await startSession(tx, tokenSubjectOf(account), kind, { ...context, origin });
  const details = { how: kind, sessionId: session.sessionId };
  const event = { kind: "login-succeeded", subject: { id: userId, email }, details } as const;
  await audit(tx, { kind: "anonymous", ...origin }, [event], now);
  return { ...session, userId, email };
}

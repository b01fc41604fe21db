import { MINUTE_MS } from "@/lib/core/durations/rules";
import type { AccountState } from "@/prisma/generated/enums";

/** How long a secret can be exchanged, in milliseconds. */
export const MOBILE_SECRET_LIFETIME_MS = 2 * MINUTE_MS;

/** What decides about a secret that is known. */
export type SecretFacts = {
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** Of the account that it signs in to. */
  state: AccountState;
  passwordSetAt: Date | null;
  passwordExpiresAt: Date | null;
  /** When the password was last proved in the session that made it; null when that one goes on no more. */
  confirmedAt: Date | null;
};

/** Why a secret signs nobody in; for the audit, never for the answer. */
export type SecretRefusal =
  | "secret-used"
  | "secret-expired"
  | "disabled"
  | "password-changed"
  | "session-ended"
  | "password-expired";

/**
 * Whether a secret still signs in: once, in its time, and as long as what vouched for it does. A lock is no reason: it
 * ends no session, and none was guessed here.
 */
export function secretRefusal(facts: SecretFacts, now: Date): SecretRefusal | null {
  const { createdAt, expiresAt, usedAt, state, passwordSetAt, passwordExpiresAt, confirmedAt } = facts;
  if (usedAt) return "secret-used";
  if (expiresAt <= now) return "secret-expired";
  if (state !== "ACTIVE") return "disabled";
  if (!passwordSetAt || passwordSetAt > createdAt) return "password-changed";
  if (!confirmedAt) return "session-ended";
  return passwordExpiresAt && passwordExpiresAt < now ? "password-expired" : null;
}

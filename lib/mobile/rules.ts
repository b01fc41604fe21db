import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import type { AccountState } from "@/prisma/generated/enums";

/** How long a secret can be exchanged, in milliseconds. */
export const MOBILE_SECRET_LIFETIME_MS = 2 * MINUTE_MS;

/** The facts that decide whether a known secret may sign in. */
export type SecretFacts = {
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** The state of the account that the secret signs in to. */
  state: AccountState;
  passwordSetAt: Date | null;
  passwordExpiresAt: Date | null;
  /** When the password was last verified in the session that created the secret; null when that session is over. */
  confirmedAt: Date | null;
};

/** Why a secret is refused. Only for the audit log, never for the answer. */
export type SecretRefusal =
  | "secret-used"
  | "secret-expired"
  | "disabled"
  | "password-changed"
  | "session-ended"
  | "password-expired";

/**
 * Returns why a secret is refused; null when it may sign in. It works once, until it expires, and only while the
 * account is active, its password is unchanged and not expired, and the session that created the secret is alive. A
 * lock does not count: a lock ends no session, and no password is guessed here.
 */
export function secretRefusal(facts: SecretFacts, now: Date): SecretRefusal | null {
  const { createdAt, expiresAt, usedAt, state, passwordSetAt, passwordExpiresAt, confirmedAt } = facts;
  if (usedAt) return "secret-used";
  if (expiresAt <= now) return "secret-expired";
  if (state !== "ACTIVE") return "disabled";
  if (!passwordSetAt) return "password-changed";
  // A new password also ends the session. Only that tells whether it is newer than the secret within the servers' clock
  // skew, and where its time is still to come by more than the skew, because a clock has been set back since.
  const isSetBack = passwordSetAt.getTime() > now.getTime() + MAX_CLOCK_SKEW_MS;
  const isNewer = passwordSetAt.getTime() > createdAt.getTime() + (confirmedAt ? MAX_CLOCK_SKEW_MS : 0);
  if (isNewer && !(confirmedAt && isSetBack)) return "password-changed";
  if (!confirmedAt) return "session-ended";
  return passwordExpiresAt && passwordExpiresAt < now ? "password-expired" : null;
}

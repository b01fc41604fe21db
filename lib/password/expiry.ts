import "server-only";
import type { StoredPanel } from "@/lib/settings/store";
import { passwordExpiresAt } from "./rules";

/**
 * Returns when password expiry was switched on. A password older than that starts its period then. If the time is not
 * recorded, the policy's last save stands in, so that passwords expire late rather than all at once.
 */
export function expirySwitchedOnAt({ facts, savedAt }: StoredPanel<"password">): Date | null {
  return facts.expirySwitchedOnAt ? new Date(facts.expirySwitchedOnAt) : savedAt;
}

/**
 * Returns when a password set at `setAt` expires under the policy in force; null when passwords do not expire, or the
 * account has no password.
 */
export function expiryInForce(policy: StoredPanel<"password">, setAt: Date | null): Date | null {
  if (!setAt) return null;
  const expirationPeriodDays = policy.values.passwordExpirationPeriodDays;
  return passwordExpiresAt({ setAt, expirationPeriodDays, expirySwitchedOnAt: expirySwitchedOnAt(policy) });
}

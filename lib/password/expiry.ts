import "server-only";
import type { StoredPanel } from "@/lib/settings/store";
import { passwordExpiresAt } from "./rules";

/**
 * When a password set at `setAt` expires under the policy in force; null while passwords do not, and for an account that
 * has none. Should it not be known when expiry was switched on, the policy's last save stands in: rather late than
 * everybody at once.
 */
export function expiryInForce(policy: StoredPanel<"password">, setAt: Date | null): Date | null {
  if (!setAt) return null;
  const { values, facts, savedAt } = policy;
  return passwordExpiresAt({
    setAt,
    expirationPeriodDays: values.passwordExpirationPeriodDays,
    expirySwitchedOnAt: facts.expirySwitchedOnAt ? new Date(facts.expirySwitchedOnAt) : savedAt,
  });
}

import "server-only";
import type { StoredPanel } from "@/lib/settings/store";
import { passwordExpiresAt } from "./rules";

/**
 * When passwords began to expire, which begins every older one's period. Should it not be known, the policy's last save
 * stands in: rather late than everybody at once.
 */
export function expirySwitchedOnAt({ facts, savedAt }: StoredPanel<"password">): Date | null {
  return facts.expirySwitchedOnAt ? new Date(facts.expirySwitchedOnAt) : savedAt;
}

/**
 * When a password set at `setAt` expires under the policy in force; null while passwords do not, and for an account that
 * has none.
 */
export function expiryInForce(policy: StoredPanel<"password">, setAt: Date | null): Date | null {
  if (!setAt) return null;
  const expirationPeriodDays = policy.values.passwordExpirationPeriodDays;
  return passwordExpiresAt({ setAt, expirationPeriodDays, expirySwitchedOnAt: expirySwitchedOnAt(policy) });
}

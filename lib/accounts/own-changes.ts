import "server-only";
import type { Person } from "@/lib/core/actor";
import { countAttempt, ownChangesOf, type Throttled } from "@/lib/core/throttle";

/** More than anybody has a use for, and too few to fill the audit log with. */
export const OWN_CHANGES_PER_MINUTE = 30;

/**
 * Counts a change that a person makes to their own account without proving the password, by `OWN_CHANGES_PER_MINUTE`.
 * @returns null when the change is allowed
 */
export async function throttleOwnChange({ userId }: Person): Promise<Throttled | null> {
  const throttle = await countAttempt({ key: ownChangesOf(userId), perMinute: OWN_CHANGES_PER_MINUTE });
  if (throttle.allowed) return null;
  return { ok: false, code: "throttled", retryAfterSeconds: throttle.retryAfterSeconds };
}

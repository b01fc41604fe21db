import "server-only";
import { findUserByEmailKey } from "@/lib/accounts/store";
import type { TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { countAttempt, loginsFrom, loginsTo, type Throttled } from "@/lib/core/throttle";
import type { GeneralPolicy } from "@/lib/settings/general/schema";

/**
 * How many passwords may be tried on one account in a minute, from all network addresses together, when accounts never
 * lock. More than the people and scripts that share an account need, and fewer than a botnet could try
 * (docs/decisions/0013).
 */
export const ATTEMPTS_PER_ACCOUNT_AND_MINUTE = 600;

/**
 * Counts a password attempt against the rate limits: first that of its network address and then, if that one allows it
 * and accounts never lock, that of the account. Both refusals look the same to the caller. The first refusal of each
 * key and minute is audited.
 * @returns null when the attempt is allowed
 */
export async function throttleAttempt(
  actor: Actor,
  attempt: { email: string; emailKey: string; how: TriedFor },
  general: GeneralPolicy,
  now: Date,
): Promise<Throttled | null> {
  const { email, emailKey, how } = attempt;
  const from = loginsFrom(actor.address);
  const throttle = await countAttempt(
    { key: from, perMinute: general.loginAttemptsPerAddressPerMinute },
    // Not needed where accounts lock: the lock comes long before this limit.
    {
      key: loginsTo(emailKey),
      perMinute: general.maxFailedLoginAttempts ? null : ATTEMPTS_PER_ACCOUNT_AND_MINUTE,
    },
  );
  if (throttle.allowed) return null;
  if (throttle.isFirstRefusal) {
    const isByAddress = throttle.by === from;
    const account = isByAddress ? null : await findUserByEmailKey(db(), emailKey);
    const subject = { id: account?.id ?? null, email: isByAddress ? "" : (account?.email ?? email) };
    const details = { how, reason: isByAddress ? "throttled" : "account-throttled" } as const;
    await audit(driver(), actor, [{ kind: "login-failed", subject, details }], now);
  }
  return { ok: false, code: "throttled", retryAfterSeconds: throttle.retryAfterSeconds };
}

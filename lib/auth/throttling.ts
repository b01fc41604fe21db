import "server-only";
import { findUserByEmailKey } from "@/lib/accounts/store";
import type { TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure } from "@/lib/core/result";
import { digestOf } from "@/lib/core/secrets";
import { countAttempt, loginsFrom } from "@/lib/core/throttle";
import type { GeneralPolicy } from "@/lib/settings/general/schema";

/**
 * How many passwords may be tried on one account in a minute, from however many addresses, where no lock stops it sooner:
 * more than any people and scripts that share one need, and fewer than a botnet could.
 */
export const ATTEMPTS_PER_ACCOUNT_AND_MINUTE = 600;

export type Throttled = Failure<"throttled", { retryAfterSeconds: number }>;

/** By the address that was typed, whether or not anybody has it; as a digest, because it can be anything. */
const loginsTo = (emailKey: string) => `account:${digestOf(emailKey)}`;

/**
 * Counts an attempt to prove a password: by the network address it comes from and, if that has had no more than it may,
 * by the account it is for, if that never locks. Both are refused alike; the audit hears of it once in each minute.
 * @returns null when it may be made
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
    // Where accounts lock, a lock comes long before.
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
    await audit(db(), actor, [{ kind: "login-failed", subject, details }], now);
  }
  return { ok: false, code: "throttled", retryAfterSeconds: throttle.retryAfterSeconds };
}

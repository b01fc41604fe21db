import "server-only";
import { type Db, db } from "@/lib/core/db";
import type { Failure } from "@/lib/core/result";
import { verifyPassword } from "@/lib/password/hash";
import { checkPassword, reuseHorizon, type Violation } from "@/lib/password/rules";
import { findReplacedPasswords, insertReplacedPassword } from "@/lib/password/store";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** Why a new password is refused. */
export type NewPasswordRefusal =
  /** `policy` is the policy that was applied; it may have changed since the form was rendered. */
  | Failure<"violates-policy", { violations: Violation[]; policy: PasswordPolicy }>
  | Failure<"same-as-current">
  | Failure<"used-before", { days: number }>;

type Owner = { id: string; passwordHash: string | null };

/**
 * Checks a new password in this order: the policy, not the current password, not one replaced within the reuse period.
 * @param asked `address`: the network address that asked
 * @returns the first rule that fails; null when the password is accepted
 * @throws Refusal "overloaded"
 */
export async function checkNewPassword(
  policy: PasswordPolicy,
  user: Owner,
  password: string,
  { address, now }: { address: string; now: Date },
): Promise<NewPasswordRefusal | null> {
  const violations = checkPassword(policy, password);
  if (violations.length > 0) return { ok: false, code: "violates-policy", violations, policy };
  const context = { userId: user.id, address };
  if (user.passwordHash && (await verifyPassword(user.passwordHash, password, context))) {
    return { ok: false, code: "same-as-current" };
  }
  const since = reuseHorizon(policy, now);
  for (const hash of since ? await findReplacedPasswords(db(), user.id, since) : []) {
    if (await verifyPassword(hash, password, context)) {
      return { ok: false, code: "used-before", days: policy.passwordReuseFrequencyDays };
    }
  }
  return null;
}

/**
 * Stores the hash of the replaced password for the reuse rule; does nothing when reuse is not restricted. The background
 * job in `lib/password/retention.ts` deletes the hashes that the rule no longer needs.
 */
export async function rememberReplaced(
  tx: Db,
  policy: PasswordPolicy,
  user: Owner,
  now: Date,
): Promise<void> {
  if (!user.passwordHash || !reuseHorizon(policy, now)) return;
  await insertReplacedPassword(tx, { userId: user.id, hash: user.passwordHash, replacedAt: now });
}

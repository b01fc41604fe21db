import "server-only";
import { type Db, db } from "@/lib/core/db";
import type { Failure } from "@/lib/core/result";
import { verifyPassword } from "@/lib/password/hash";
import { checkPassword, reuseHorizon, type Violation } from "@/lib/password/rules";
import { findReplacedPasswords, insertReplacedPassword, pruneReplacedPasswords } from "@/lib/password/store";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** Why somebody cannot have the password they chose. */
export type NewPasswordRefusal =
  /** The policy is the one that was applied: it may not be the one that the person was shown. */
  | Failure<"violates-policy", { violations: Violation[]; policy: PasswordPolicy }>
  | Failure<"same-as-current">
  | Failure<"used-before", { days: number }>;

type Owner = { id: string; passwordHash: string | null };

/** The rules of a new password in their order: the policy, then not the current one, then not a recent one. */
export async function checkNewPassword(
  policy: PasswordPolicy,
  user: Owner,
  password: string,
  now: Date,
): Promise<NewPasswordRefusal | null> {
  const violations = checkPassword(policy, password);
  if (violations.length > 0) return { ok: false, code: "violates-policy", violations, policy };
  if (user.passwordHash && (await verifyPassword(user.passwordHash, password, user.id))) {
    return { ok: false, code: "same-as-current" };
  }
  const since = reuseHorizon(policy, now);
  for (const hash of since ? await findReplacedPasswords(db(), user.id, since) : []) {
    if (await verifyPassword(hash, password, user.id)) {
      return { ok: false, code: "used-before", days: policy.passwordReuseFrequencyDays };
    }
  }
  return null;
}

/**
 * Keeps the replaced password for the reuse rule, and forgets those that it no longer needs. Without a rule it touches
 * nothing: what is left from before is forgotten in time (`lib/password/retention.ts`), unless the policy is damaged.
 */
export async function rememberReplaced(
  tx: Db,
  policy: PasswordPolicy,
  user: Owner,
  now: Date,
): Promise<void> {
  const horizon = reuseHorizon(policy, now);
  if (!horizon) return;
  if (user.passwordHash) {
    await insertReplacedPassword(tx, { userId: user.id, hash: user.passwordHash, replacedAt: now });
  }
  await pruneReplacedPasswords(tx, user.id, horizon);
}

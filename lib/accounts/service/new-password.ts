import "server-only";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { linkDigest } from "@/lib/core/secrets";
import { enqueueMail } from "@/lib/mail/outbox";
import { hashPassword, verifyPassword } from "@/lib/password/hash";
import { checkPassword, reuseHorizon, type Violation } from "@/lib/password/rules";
import { findReplacedPasswords, insertReplacedPassword, pruneReplacedPasswords } from "@/lib/password/store";
import { endSessionRows } from "@/lib/sessions/store";
import type { PasswordPolicy } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { consumeLink, findUsableLink, setPassword, type User } from "../store";

/** The purposes whose link lets a person choose a password. */
export type PasswordLinkPurpose = "ACTIVATION" | "PASSWORD_EXPIRED";

export type NewPasswordFailure =
  | Failure<"link-unusable">
  | Failure<"violates-policy", { violations: Violation[] }>
  | Failure<"same-as-current">
  | Failure<"used-before", { days: number }>;
export type NewPasswordResult = Success<{ userId: string; email: string }> | NewPasswordFailure;

/** The rules for new passwords, for whoever is about to choose one. */
export async function passwordPolicy(): Promise<PasswordPolicy> {
  return (await settingsInForce()).password.values;
}

/** Whether a link can still be used. Looking changes nothing: mail scanners follow links too. */
export async function isLinkUsable(
  purpose: PasswordLinkPurpose,
  secret: string,
  now = new Date(),
): Promise<boolean> {
  return (await findUsableLink(db(), linkDigest(secret), purpose, now)) !== null;
}

/**
 * Gives the account behind a link the password its person chose, and uses the link up. Of several submits of one link,
 * one wins.
 */
export async function choosePassword(
  actor: Actor,
  input: { purpose: PasswordLinkPurpose; secret: string; password: string },
  now = new Date(),
): Promise<NewPasswordResult> {
  const { purpose, secret, password } = input;
  const link = await findUsableLink(db(), linkDigest(secret), purpose, now);
  const expectedState = purpose === "ACTIVATION" ? "INVITED" : "ACTIVE";
  if (!link || link.user.state !== expectedState) return { ok: false, code: "link-unusable" };
  const policy = await passwordPolicy();
  const refused = await checkNewPassword(policy, link.user, password, now);
  if (refused) return refused;
  const hash = await hashPassword(password);
  return db().$transaction(async (tx) => {
    if (!(await consumeLink(tx, link.id, now)) || !(await setPassword(tx, link.user, hash, now))) {
      return { ok: false, code: "link-unusable" } as const;
    }
    await rememberReplaced(tx, policy, link.user, now);
    await endSessionRows(tx, { userId: link.user.id }, "password-changed", now);
    const subject = { id: link.user.id, email: link.user.email };
    const kind = purpose === "ACTIVATION" ? "account-activated" : "password-changed";
    await audit(tx, actor, [{ kind, subject }], now);
    if (kind === "password-changed") {
      const { address, userAgent } = actor;
      const values = { changedAt: now.toISOString(), address, userAgent };
      await enqueueMail(tx, { kind, recipient: subject.email, userId: subject.id, values }, now);
    }
    return { ok: true, userId: subject.id, email: subject.email } as const;
  });
}

/** The rules of a new password in their order: the policy, then not the current one, then not a recent one. */
async function checkNewPassword(
  policy: PasswordPolicy,
  user: User,
  password: string,
  now: Date,
): Promise<NewPasswordFailure | null> {
  const violations = checkPassword(policy, password);
  if (violations.length > 0) return { ok: false, code: "violates-policy", violations };
  if (user.passwordHash && (await verifyPassword(user.passwordHash, password))) {
    return { ok: false, code: "same-as-current" };
  }
  const since = reuseHorizon(policy, now);
  for (const hash of since ? await findReplacedPasswords(db(), user.id, since) : []) {
    if (await verifyPassword(hash, password)) {
      return { ok: false, code: "used-before", days: policy.passwordReuseFrequencyDays };
    }
  }
  return null;
}

/** Keeps the replaced password for the reuse rule, and forgets those that it no longer needs. */
async function rememberReplaced(tx: Db, policy: PasswordPolicy, user: User, now: Date): Promise<void> {
  const horizon = reuseHorizon(policy, now);
  if (user.passwordHash && horizon) {
    await insertReplacedPassword(tx, { userId: user.id, hash: user.passwordHash, replacedAt: now });
  }
  await pruneReplacedPasswords(tx, user.id, horizon);
}

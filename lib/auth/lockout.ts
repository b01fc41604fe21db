import "server-only";
import { issueLink } from "@/lib/accounts/links";
import { fullName } from "@/lib/accounts/rules";
import { hasOtherAdministrator, serializeAdministratorChanges } from "@/lib/accounts/store";
import { type AuditEvent, audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { type GeneralPolicy, generalPolicyDefaults } from "@/lib/settings/general/schema";
import type { Attempt, AttemptReason } from "./attempt";
import { lockEnd, locksAccount } from "./rules";
import { type AttemptedAccount, countFailure, lockAccount } from "./store";

/** How long the owner's unlock link works when the lock itself does not end. */
const UNLOCK_LINK_LIFETIME_MS = 24 * 3_600_000;

/**
 * Records an attempt that did not prove the password: counts it where it counts, and locks the account on the N-th in a
 * row. The lock, its audit event and its mails are one with the count, so that there is exactly one of each.
 * @param how what was tried, for the audit
 */
export async function recordFailure(
  tx: Db,
  actor: Actor,
  failure: { attempt: Exclude<Attempt, { outcome: "right" }>; email: string; how: string },
  context: { general: GeneralPolicy; now: Date },
): Promise<void> {
  const { attempt, email, how } = failure;
  const { general, now } = context;
  const { account } = attempt;
  const counts = attempt.outcome === "wrong";
  const mayLockForGood = counts && account?.authority === "SYS_ADMIN" && !general.lockoutDurationMinutes;
  if (mayLockForGood) await serializeAdministratorChanges(tx);
  const failed = await countFailure(tx, counts ? attempt.account.id : null);
  const reason: AttemptReason = counts ? "wrong-password" : attempt.reason;
  const subject = { id: account?.id ?? null, email: account?.email ?? email };
  const details = { how, reason, ...(counts && { failedAttempts: failed }) };
  const events: AuditEvent[] = [{ kind: "login-failed", subject, details }];
  if (counts && locksAccount(failed, general.maxFailedLoginAttempts)) {
    const locked = await lock(tx, actor, attempt.account, { failed, general, now });
    if (locked) events.push(locked);
  }
  await audit(tx, actor, events, now);
}

/** Locks the account and tells whom the policy wants told; null when somebody else's attempt has locked it already. */
async function lock(
  tx: Db,
  actor: Actor,
  account: AttemptedAccount,
  context: { failed: number; general: GeneralPolicy; now: Date },
): Promise<AuditEvent | null> {
  const { failed, general, now } = context;
  const until = await lockEndFor(tx, account, general, now);
  if (!(await lockAccount(tx, account.id, { at: now, until }))) return null;
  const facts = {
    attempts: failed,
    lockedAt: now.toISOString(),
    lockedUntil: until?.toISOString() ?? null,
    address: actor.address,
    userAgent: actor.userAgent,
  };
  if (general.userLockoutNotificationEmail) {
    const recipient = general.userLockoutNotificationEmail;
    const values = { ...facts, email: account.email };
    await enqueueMail(tx, { kind: "account-locked", recipient, userId: account.id, values }, now);
  }
  if (general.notifyOwnerOnLockout) {
    const lifetimeMs = until ? until.getTime() - now.getTime() : UNLOCK_LINK_LIFETIME_MS;
    const link = await issueLink(tx, { userId: account.id, purpose: "UNLOCK", lifetimeMs, now });
    const values = { ...facts, name: fullName(account), unlockUrl: link.url };
    await enqueueMail(
      tx,
      { kind: "account-locked-owner", recipient: account.email, userId: account.id, values },
      now,
    );
  }
  const subject = { id: account.id, email: account.email };
  return { kind: "account-locked", subject, details: { failedAttempts: failed, until: facts.lockedUntil } };
}

/** When the lock ends. The last active administrator is never locked for good: nobody could lift that lock. */
async function lockEndFor(
  tx: Db,
  account: AttemptedAccount,
  general: GeneralPolicy,
  now: Date,
): Promise<Date | null> {
  const end = lockEnd(general.lockoutDurationMinutes, now);
  if (end || account.authority !== "SYS_ADMIN" || (await hasOtherAdministrator(tx, account.id))) return end;
  return lockEnd(generalPolicyDefaults.lockoutDurationMinutes, now);
}

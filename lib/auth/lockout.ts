import "server-only";
import { issueLink } from "@/lib/accounts/links";
import { fullName } from "@/lib/accounts/rules";
import { hasOtherAdministrator, serializeAdministratorChanges } from "@/lib/accounts/store";
import { type AuditEvent, audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db, driverTransaction } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { type GeneralPolicy, generalPolicyDefaults } from "@/lib/settings/general/schema";
import type { Attempt, AttemptReason } from "./attempt";
import { lockEnd, locksAccount } from "./rules";
import { type AttemptedAccount, countFailure, lockAccount } from "./store";

/** How long the owner's unlock link works when the lock itself does not end. */
const UNLOCK_LINK_LIFETIME_MS = 24 * 3_600_000;

type FailedAttempt = Exclude<Attempt, { outcome: "right" }>;
type Context = { general: GeneralPolicy; now: Date };

/**
 * Records an attempt that did not prove the password: counts it where it counts, and locks the account on the N-th in a
 * row. The lock, its audit event and its mails are one with the count, so that there is exactly one of each. What locks
 * nothing, as nearly all of what is guessed, is recorded by the driver.
 * @param failure.how what was tried, for the audit
 */
export async function recordFailure(
  actor: Actor,
  failure: { attempt: FailedAttempt; email: string; how: string },
  context: Context,
): Promise<void> {
  const { attempt, email, how } = failure;
  const { general, now } = context;
  const isCounted = attempt.outcome === "wrong";
  const eventOf = (failed: number | null): AuditEvent => {
    const subject = { id: attempt.account?.id ?? null, email: attempt.account?.email ?? email };
    const reason: AttemptReason = isCounted ? "wrong-password" : attempt.reason;
    return {
      kind: "login-failed",
      subject,
      details: { how, reason, ...(failed && { failedAttempts: failed }) },
    };
  };
  const isRecorded = await driverTransaction(async (tx) => {
    const failed = await countFailure(
      tx,
      isCounted ? attempt.account.id : null,
      general.maxFailedLoginAttempts || null,
    );
    if (isCounted && !failed) return false;
    await audit(tx, actor, [eventOf(failed)], now);
    return true;
  });
  if (isRecorded || !isCounted) return;
  await db().$transaction(async (tx) => {
    const { account } = attempt;
    if (account.authority === "SYS_ADMIN" && !general.lockoutDurationMinutes)
      await serializeAdministratorChanges(tx);
    const failed = (await countFailure(tx, account.id, null)) ?? 0;
    const locked = locksAccount(failed, general.maxFailedLoginAttempts)
      ? await lock(tx, actor, account, { failed, ...context })
      : null;
    await audit(tx, actor, [eventOf(failed), ...(locked ? [locked] : [])], now);
  });
}

/** Locks the account and tells whom the policy wants told; null when somebody else's attempt has locked it already. */
async function lock(
  tx: Db,
  actor: Actor,
  account: AttemptedAccount,
  context: Context & { failed: number },
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

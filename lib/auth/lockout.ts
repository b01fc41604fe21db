import "server-only";
import { issueLink } from "@/lib/accounts/links";
import {
  findUser,
  hasOtherAdministrator,
  serializeAdministratorChanges,
  type User,
} from "@/lib/accounts/store";
import type { AuditEvent, LoginFailure, TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db, driverTransaction } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { type GeneralPolicy, generalPolicyDefaults } from "@/lib/settings/general/schema";
import type { Attempt } from "./attempt";
import { lockEnd, locksAccount } from "./rules";
import { type AttemptedAccount, countFailure, lockAccount } from "./store";

/** How long the owner's unlock link works when the lock itself does not end. */
const UNLOCK_LINK_LIFETIME_MS = DAY_MS;

/** An attempt that did not prove the password, the address that was typed, and what was tried, for the audit. */
type FailedLogin = { attempt: Exclude<Attempt, { outcome: "right" }>; email: string; how: TriedFor };
type Context = { general: GeneralPolicy; now: Date };

/**
 * Records a failure: counts it where it counts, and locks the account on the N-th in a row. The lock, its audit event and
 * its mails are one with the count, so that there is exactly one of each. What locks nothing, as nearly all of what is
 * guessed, is recorded by the driver.
 */
export async function recordFailure(actor: Actor, failure: FailedLogin, context: Context): Promise<void> {
  const { attempt } = failure;
  const account = attempt.outcome === "wrong" ? attempt.account : null;
  const isRecorded = await driverTransaction(async (tx) => {
    const limit = context.general.maxFailedLoginAttempts || null;
    const failed = await countFailure(tx, account, limit);
    if (account && failed === null) return false;
    await audit(tx, actor, [loginFailed(failure, failed)], context.now);
    return true;
  });
  if (account && !isRecorded) await recordLast(actor, account, failure, context);
}

/** The same for a failure that locks the account. */
async function recordLast(
  actor: Actor,
  account: AttemptedAccount,
  failure: FailedLogin,
  context: Context,
): Promise<void> {
  const { general, now } = context;
  await db().$transaction(async (tx) => {
    // Whoever was no administrator when the password was compared may be the last one by now.
    if (!general.lockoutDurationMinutes) await serializeAdministratorChanges(tx);
    const failed = (await countFailure(tx, account, null)) ?? 0;
    // The account is held since it was counted; before that it may have been disabled, or given another address.
    const owner = await findUser(tx, account.id);
    const locked =
      owner?.state === "ACTIVE" && locksAccount(failed, general.maxFailedLoginAttempts)
        ? await lock(tx, actor, owner, { failed, ...context })
        : null;
    await audit(tx, actor, [loginFailed(failure, failed), ...(locked ? [locked] : [])], now);
  });
}

function loginFailed({ attempt, email, how }: FailedLogin, failed: number | null): AuditEvent {
  const { account } = attempt;
  const reason: LoginFailure = attempt.outcome === "wrong" ? "wrong-password" : attempt.reason;
  const details = { how, reason, ...(failed !== null && { failedAttempts: failed }) };
  return {
    kind: "login-failed",
    subject: { id: account?.id ?? null, email: account?.email ?? email },
    details,
  };
}

/** Locks the account and tells whom the policy wants told; null when somebody else's attempt has locked it already. */
async function lock(
  tx: Db,
  actor: Actor,
  account: User,
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
async function lockEndFor(tx: Db, account: User, general: GeneralPolicy, now: Date): Promise<Date | null> {
  const end = lockEnd(general.lockoutDurationMinutes, now);
  if (end || account.authority !== "SYS_ADMIN" || (await hasOtherAdministrator(tx, account.id))) return end;
  return lockEnd(generalPolicyDefaults.lockoutDurationMinutes, now);
}

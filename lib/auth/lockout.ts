import "server-only";
import { issueLink } from "@/lib/accounts/links";
import { findUser, hasOtherAdministrator, lockAdministratorChanges, type User } from "@/lib/accounts/store";
import type { AuditEvent, LoginFailure, TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db, driverTransaction } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { type GeneralPolicy, LAST_ADMINISTRATOR_LOCK_MINUTES } from "@/lib/settings/general/schema";
import type { Attempt } from "./attempt";
import { lockEnd, locksAccount } from "./rules";
import { type AttemptedAccount, countFailure, lockAccount } from "./store";

/** How long the owner's unlock link works when the lock has no end, in milliseconds. */
const UNLOCK_LINK_LIFETIME_MS = DAY_MS;

/** An attempt that failed, the address that was typed, and what the password was for. */
type FailedLogin = { attempt: Exclude<Attempt, { outcome: "right" }>; email: string; how: TriedFor };
type Context = { general: GeneralPolicy; now: Date };

/**
 * Audits a failed attempt, counts it if the password was compared, and locks the account on the N-th in a row. The
 * count, the lock, its audit event and its mails share one transaction, so that each happens exactly once. A failure
 * that locks nothing, which is nearly every one, is recorded through the driver, because that is cheaper than Prisma.
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
  if (account && !isRecorded) await recordLockingFailure(actor, account, failure, context);
}

/** Records a failure that may lock the account. */
async function recordLockingFailure(
  actor: Actor,
  account: AttemptedAccount,
  failure: FailedLogin,
  context: Context,
): Promise<void> {
  const { general, now } = context;
  await db().$transaction(async (tx) => {
    // Serialized for every account: one that was no administrator at the comparison may be the last one by now.
    if (!general.lockoutDurationMinutes) await lockAdministratorChanges(tx);
    const failed = (await countFailure(tx, account, null)) ?? 0;
    // `countFailure` locked the row. Before that, the account may have been disabled or given another address.
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

/** Locks the account and queues the mails that the policy asks for; null when it is locked already. */
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
    const linkExpiresAt = link.expiresAt.toISOString();
    const values = { ...facts, name: fullName(account), unlockUrl: link.url, linkExpiresAt };
    await enqueueMail(
      tx,
      { kind: "account-locked-owner", recipient: account.email, userId: account.id, values },
      now,
    );
  }
  return {
    kind: "account-locked",
    subject: account,
    details: { failedAttempts: failed, until: facts.lockedUntil },
  };
}

/**
 * Returns when the lock ends; null for never. The last active administrator always gets an end, because nobody else
 * could lift the lock.
 */
async function lockEndFor(tx: Db, account: User, general: GeneralPolicy, now: Date): Promise<Date | null> {
  const end = lockEnd(general.lockoutDurationMinutes, now);
  if (end || account.authority !== "SYS_ADMIN" || (await hasOtherAdministrator(tx, account.id))) return end;
  return lockEnd(LAST_ADMINISTRATOR_LOCK_MINUTES, now);
}

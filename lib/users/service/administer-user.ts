import "server-only";
import { closeLinks } from "@/lib/accounts/links";
import { emailKey } from "@/lib/accounts/rules";
import { findUser, liftLock, lockAdministratorChanges, lockUserRow, type User } from "@/lib/accounts/store";
import type { AuditEvent } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { doAfterChange } from "@/lib/core/after-change";
import { type Db, db } from "@/lib/core/db";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import { withdrawExpiryNotices } from "@/lib/mail/store";
import { endSomeSessions } from "@/lib/sessions/endings/store";
import { SESSIONS_BATCH_SIZE } from "@/lib/sessions/rules";
import { deleteSomeSessionsOf } from "@/lib/sessions/store";
import { protectionOf } from "../protection";
import type { Protection } from "../schema";
import { deleteUserRow, moveState, writeAuthority } from "../store";

export type AdministerResult =
  /** `email`: the account's address, which may have changed since the page was loaded. */
  | Success<{ email: string }>
  /** The account was deleted, or is no longer in a state that allows the change: reload it. */
  | Failure<"out-of-date">
  | Failure<Protection>;

type Change = (tx: Db, user: User) => Promise<AuditEvent[] | null>;

/**
 * Makes one change to an account and audits the events that it returns, in one transaction.
 * @param options `protects`: refuse the change where `protectionOf` says so
 * @param change returns null when the account is no longer in a state that allows it
 * @throws Refusal for anyone but a system administrator; where `protects`, also for one who no longer is
 */
async function administer(
  actor: Actor,
  userId: string,
  options: { protects: boolean; now: Date },
  change: Change,
): Promise<AdministerResult> {
  const administrator = requireAdministrator(actor);
  const { protects, now } = options;
  return db().$transaction(async (tx) => {
    if (protects) await lockAdministratorChanges(tx);
    // Lock the row first, so that the audit log records the account's current address.
    await lockUserRow(tx, userId);
    // The change that this one has waited for may have been made to the caller's own account.
    if (protects) await requireLastingSession(tx, administrator, now);
    const user = await findUser(tx, userId);
    if (!user) return { ok: false, code: "out-of-date" } as const;
    const protection = protects ? await protectionOf(tx, user, administrator.userId) : null;
    if (protection) return { ok: false, code: protection } as const;
    const events = await change(tx, user);
    if (!events) return { ok: false, code: "out-of-date" } as const;
    await audit(
      tx,
      administrator,
      events.map((event) => ({ subject: user, ...event })),
      now,
    );
    return { ok: true, email: user.email } as const;
  });
}

/**
 * Ends up to `limit` of a person's sessions, newest first, as many as one transaction has time for: a program that logs
 * in every second and never logs out has half a million.
 */
const endBatch = (tx: Db, userId: string, limit: number, now: Date) =>
  endSomeSessions(tx, { userId, limit }, "signed-out-by-administrator", now);

/**
 * Ends a person's remaining sessions, as long as `appliesTo` returns true for the account, in batches: each is a
 * transaction with its own audit event. Runs until a batch finds no session, because a session can get another id, or
 * move to a new key, while a batch waits for its row lock. "out-of-date" when there was none to end.
 */
async function endRest(
  actor: Actor,
  userId: string,
  appliesTo: (user: User) => boolean,
  { batchSize, now }: { batchSize: number; now: Date },
): Promise<AdministerResult> {
  for (let ended: AdministerResult | null = null; ; ) {
    let isLast = true;
    const result = await administer(actor, userId, { protects: false, now }, async (tx, user) => {
      if (!appliesTo(user)) return null;
      const { sessions, found } = await endBatch(tx, userId, batchSize, now);
      isLast = found === 0;
      return sessions > 0
        ? [{ kind: "sessions-ended", details: { reason: "administrator", sessions } }]
        : null;
    });
    if (result.ok) ended = result;
    if (isLast) return ended ?? result;
  }
}

const isDisabled = ({ state }: User) => state === "DISABLED";

/**
 * Disables an active account and ends its sessions. The transaction ends one batch; the rest end after it. Until then
 * they are refused anyway, because the account is disabled.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function disableUser(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  batchSize = SESSIONS_BATCH_SIZE,
) {
  let isLast = true;
  const result = await administer(actor, input.userId, { protects: true, now }, async (tx, user) => {
    if (!(await moveState(tx, user.id, "ACTIVE", "DISABLED"))) return null;
    const { sessions, found } = await endBatch(tx, user.id, batchSize, now);
    isLast = found < batchSize;
    await closeLinks(tx, { userIds: [user.id] }, now, { why: "account" });
    await withdrawExpiryNotices(tx, user.id, "account");
    return [{ kind: "account-disabled", details: { sessions } }];
  });
  if (!isLast)
    await doAfterChange("sessions-left", () => endRest(actor, input.userId, isDisabled, { batchSize, now }));
  return result;
}

/** Lifts a lock, if there is one. @returns its audit event, if so */
async function unlock(tx: Db, userId: string, now: Date): Promise<AuditEvent[]> {
  const by = await liftLock(tx, userId, { by: "administrator", now });
  return by ? [{ kind: "account-unlocked", details: { by } }] : [];
}

/**
 * Enables a disabled account and lifts any lock. Sessions that `disableUser` left behind, because the server stopped
 * while it was ending them, end first.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function enableUser(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  batchSize = SESSIONS_BATCH_SIZE,
) {
  await endRest(actor, input.userId, isDisabled, { batchSize, now });
  // Protected, so that an administrator who has just been disabled, or demoted, does not undo that.
  return administer(actor, input.userId, { protects: true, now }, async (tx, user) => {
    if (!(await moveState(tx, user.id, "DISABLED", "ACTIVE"))) return null;
    return [{ kind: "account-enabled" }, ...(await unlock(tx, user.id, now))];
  });
}

/**
 * Lifts the lock of an active account, and supersedes the owner's unlock link, which must not lift the next lock. That of
 * a disabled account goes when it is enabled: until then, its owner could not log in without it either.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function unlockUser(actor: Actor, input: { userId: string }, now = new Date()) {
  return administer(actor, input.userId, { protects: false, now }, async (tx, user) => {
    // While this waited for the row, the caller may have been removed or demoted.
    await requireLastingSession(tx, requireAdministrator(actor), now);
    const unlocked = isDisabled(user) ? [] : await unlock(tx, user.id, now);
    if (unlocked.length === 0) return null;
    await closeLinks(tx, { userIds: [user.id], purpose: "UNLOCK" }, now);
    return unlocked;
  });
}

/**
 * Ends all of an account's sessions; "out-of-date" when there are none.
 * @throws Refusal for anyone but a system administrator
 */
export async function endUserSessions(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  batchSize = SESSIONS_BATCH_SIZE,
) {
  return endRest(actor, input.userId, () => true, { batchSize, now });
}

/**
 * Changes an account's authority, with effect from its owner's next request; "out-of-date" if it is no longer the one
 * that was `seen`.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function changeAuthority(
  actor: Actor,
  input: { userId: string; seen: User["authority"]; authority: User["authority"] },
  now = new Date(),
) {
  return administer(actor, input.userId, { protects: true, now }, async (tx, user) => {
    const { authority: from } = user;
    if (from !== input.seen || from === input.authority) return null;
    await writeAuthority(tx, user.id, input.authority);
    return [{ kind: "authority-changed", details: { from, to: input.authority } }];
  });
}

/**
 * Deletes an account permanently, if `isMeant` returns true for it; "out-of-date" if not, or if it is gone. If it has
 * more sessions than one transaction has time to delete, all but the rest go before it, in batches: each is a
 * transaction with its own audit event.
 */
async function remove(
  actor: Actor,
  userId: string,
  isMeant: (user: User) => boolean,
  { batchSize, now }: { batchSize: number; now: Date },
): Promise<AdministerResult> {
  for (;;) {
    let isLast = true;
    const result = await administer(actor, userId, { protects: true, now }, async (tx, user) => {
      if (!isMeant(user)) return null;
      await closeLinks(tx, { userIds: [userId] }, now, { why: "account" });
      const { found, live: sessions } = await deleteSomeSessionsOf(tx, userId, { limit: batchSize, now });
      isLast = found < batchSize;
      if (!isLast)
        return sessions > 0
          ? [{ kind: "sessions-ended", details: { reason: "administrator", sessions } }]
          : [];
      await deleteUserRow(tx, userId);
      await withdrawExpiryNotices(tx, userId, "account");
      return [{ kind: "account-deleted", details: { authority: user.authority, sessions } }];
    });
    if (isLast) return result;
  }
}

/**
 * Deletes an account permanently, if the typed address matches; "out-of-date" if not. Its audit events stay.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function deleteUser(
  actor: Actor,
  input: { userId: string; email: string },
  now = new Date(),
  batchSize = SESSIONS_BATCH_SIZE,
) {
  const isTyped = (user: User) => emailKey(input.email.trim()) === user.emailKey;
  return remove(actor, input.userId, isTyped, { batchSize, now });
}

/**
 * Deletes an account without a typed address, for programs; "out-of-date" when the account is gone.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function deleteUnconfirmed(actor: Actor, input: { userId: string }, now = new Date()) {
  return remove(actor, input.userId, () => true, { batchSize: SESSIONS_BATCH_SIZE, now });
}

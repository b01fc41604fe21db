import "server-only";
import type { Unlocking } from "@/lib/audit/events";
import { lockUntilCommit } from "@/lib/core/advisory-locks/store";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { isHashOutdated } from "@/lib/password/hash";
import { type Authority, Prisma, type User } from "@/prisma/generated/client";
import { emailKey } from "./rules";

export type { User } from "@/prisma/generated/client";

/** Finds an account by id; null when there is none. */
export async function findUser(db: Db, id: string): Promise<User | null> {
  return db.user.findUnique({ where: { id } });
}

/** Finds an account by its address in the form that `emailKey` returns; null when there is none. */
export async function findUserByEmailKey(db: Db, emailKey: string): Promise<User | null> {
  return db.user.findUnique({ where: { emailKey } });
}

/** Finds the oldest existing administrator, in any state. The first one ever created may have been deleted. */
export async function findOldestAdministrator(db: Db): Promise<User | null> {
  return db.user.findFirst({
    where: { authority: "SYS_ADMIN" },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}

/**
 * Returns whether any administrator has a password. Once true it stays true: the last administrator cannot be deleted.
 */
export async function hasActivatedAdministrator(db: Db): Promise<boolean> {
  const activated = await db.user.findFirst({
    where: { authority: "SYS_ADMIN", passwordHash: { not: null } },
    select: { id: true },
  });
  return activated !== null;
}

export type NewUser = {
  email: string;
  firstName?: string;
  lastName?: string;
  authority: Authority;
  passwordHash?: string | null;
};

/** Adds an account: active with a password, else invited. @throws a unique violation when the address is taken */
export async function insertUser(db: Db, user: NewUser, now: Date): Promise<User> {
  const active = user.passwordHash ? ({ state: "ACTIVE", passwordSetAt: now } as const) : {};
  return db.user.create({ data: { ...user, ...active, emailKey: emailKey(user.email), createdAt: now } });
}

/**
 * Stores a new password hash, activates an invited account, resets the failed attempts and lifts any lock.
 * @param user the account as the caller read it
 * @param lifting `by`: who lifts the lock
 * @returns who lifted the lock, as `liftLock` does; null when the account's state or password has changed since. A
 *   concurrent login that only rehashed the same password with current parameters does not count as a change
 */
export async function setPassword(
  db: Db,
  user: Pick<User, "id" | "state" | "passwordHash" | "passwordSetAt">,
  passwordHash: string,
  { by, now }: { by: Unlocking; now: Date },
): Promise<{ unlockedBy: Unlocking | null } | null> {
  const { id, state, passwordSetAt } = user;
  const mayBeMadeAgain = user.passwordHash !== null && isHashOutdated(user.passwordHash);
  const isSeen = [{ passwordHash: user.passwordHash }, ...(mayBeMadeAgain ? [{ passwordSetAt }] : [])];
  const { count } = await db.user.updateMany({
    where: { id, state, OR: isSeen },
    data: { passwordHash, passwordSetAt: now, state: "ACTIVE", failedAttempts: 0 },
  });
  // The update has locked the row: no other transaction can lock or unlock the account now.
  return count === 1 ? { unlockedBy: await liftLock(db, user.id, { by, now }) } : null;
}

/** Updates an account's first and last name. */
export async function updateProfileRow(
  db: Db,
  id: string,
  { firstName, lastName }: { firstName: string; lastName: string },
): Promise<void> {
  await db.user.update({ where: { id }, data: { firstName, lastName }, select: { id: true } });
}

/**
 * Locks an account's row until the end of the transaction. Transactions that change an account and its links lock the
 * account first, so that they cannot deadlock.
 */
export async function lockUserRow(db: Db, id: string): Promise<void> {
  await db.$queryRaw`SELECT id FROM users WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/**
 * Finds the account with an address in the form that `emailKey` returns, and locks its row, so that the address stays
 * its own in this transaction. The address may become another account's while this one waits for the lock; that one is
 * then locked too.
 */
export async function lockUserByEmailKey(db: Db, emailKey: string): Promise<User | null> {
  for (let lockedId: string | null = null; ; ) {
    const found = await findUserByEmailKey(db, emailKey);
    if (!found || found.id === lockedId) return found;
    await lockUserRow(db, found.id);
    lockedId = found.id;
  }
}

/** Locks the rows of several accounts, in the order of their ids, so that no two transactions that do it deadlock. */
export async function lockUserRows(db: Db, ids: readonly string[]): Promise<void> {
  await db.$queryRaw`SELECT id FROM users WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}

/** What a mail with a link needs of its account. */
export type LinkOwner = Pick<User, "id" | "email" | "emailKey" | "firstName" | "lastName" | "state">;

/**
 * Finds the accounts with these addresses, in the form that `emailKey` returns, and locks their rows like
 * `lockUserRow`. Leaves out those whose row another transaction has locked, instead of waiting for it.
 */
export async function lockFreeUsers(db: Db, emailKeys: readonly string[]): Promise<LinkOwner[]> {
  return db.$queryRaw<LinkOwner[]>(Prisma.sql`
    SELECT id, email, email_key AS "emailKey", first_name AS "firstName", last_name AS "lastName", state::text
    FROM users WHERE email_key = ANY(${[...emailKeys]}) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED ${plannedEachTime}`);
}

const unlocked = { lockedAt: null, lockedUntil: null, failedAttempts: 0 };

/**
 * Lifts a lock and resets the failed attempts.
 * @param lifting `by`: who lifts it
 * @returns who lifted it: `by`, or "time" if the lock had ended by `now`; null when the account is not locked
 */
export async function liftLock<By extends Unlocking>(
  db: Db,
  userId: string,
  { by, now }: { by: By; now: Date },
): Promise<By | "time" | null> {
  if (await liftLapsedLock(db, userId, now)) return "time";
  const { count } = await db.user.updateMany({
    where: { id: userId, lockedAt: { not: null } },
    data: unlocked,
  });
  return count === 1 ? by : null;
}

/** Lifts a lock that has ended by `now`; false when it is lifted already, or a newer lock has replaced it. */
export async function liftLapsedLock(db: Db, userId: string, now: Date): Promise<boolean> {
  const { count } = await db.user.updateMany({
    where: { id: userId, lockedUntil: { lte: now } },
    data: unlocked,
  });
  return count === 1;
}

/** Serializes the first start of several servers on one empty database, until the end of the transaction. */
export async function lockProvisioning(db: Db): Promise<void> {
  await lockUntilCommit(db, "provisioning");
}

/**
 * Serializes the transactions that could remove the last administrator: if two administrators are locked, disabled or
 * demoted at the same moment, each transaction would still see the other one as active. Call it before any change to
 * the account.
 */
export async function lockAdministratorChanges(db: Db): Promise<void> {
  await lockUntilCommit(db, "administrators");
}

/** Returns whether there is another active system administrator whose lock, if any, ends by itself. */
export async function hasOtherAdministrator(db: Db, userId: string): Promise<boolean> {
  // Prisma would write the authority as a parameter, for which PostgreSQL does not use the index of the few who have one
  // and reads all accounts.
  const others = await db.$queryRaw<unknown[]>(Prisma.sql`
    SELECT true AS other FROM users
    WHERE authority = 'SYS_ADMIN' AND state = 'ACTIVE' AND id <> ${userId}::uuid
      AND (locked_at IS NULL OR locked_until IS NOT NULL)
    LIMIT 1 ${plannedEachTime}`);
  return others.length > 0;
}

import "server-only";
import { type Db, NIL_UUID, type RawDb } from "@/lib/core/db";
import { type AccountState, type Authority, Prisma } from "@/prisma/generated/client";

/** What an attempt needs to know of an account. */
export type AttemptedAccount = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  authority: Authority;
  state: AccountState;
  passwordHash: string | null;
  passwordSetAt: Date | null;
  lockedAt: Date | null;
  lockedUntil: Date | null;
  /** The epoch of the account's reservations in which this attempt has reserved; null when it has not. */
  epoch: number | null;
};

/**
 * Whose password is tried: of the account that has an address, or of one that is known. Somebody else may have that one's
 * address by now.
 */
export type Whose = { emailKey: string } | { userId: string };

/** An attempt that has reserved, as what settles it needs to know it. */
type Reserved = Pick<AttemptedAccount, "id" | "epoch">;

/**
 * Reserves the evaluation of one password, if the account may have one more: it is active, not locked, and its failures
 * and the evaluations under way stay below the limit together. At least one is always possible, so that a lowered limit
 * leaves nobody stuck.
 *
 * One statement: PostgreSQL locks the row, and checks the condition again on what it then holds. It need not survive a
 * crash, so it does not wait for the disk; and its lease ends by itself, so that a process that dies holding
 * reservations blocks nobody for longer. Whoever reserves when the lease has lapsed begins a new epoch.
 * @returns the account, with an epoch if it has reserved; null when there is none
 */
export async function reserveAttempt(
  db: RawDb,
  whose: Whose,
  maxFailedAttempts: number,
): Promise<AttemptedAccount | null> {
  const isMeant =
    "userId" in whose ? Prisma.sql`id = ${whose.userId}::uuid` : Prisma.sql`email_key = ${whose.emailKey}`;
  const inFlight = Prisma.sql`(CASE WHEN attempts_lease_until > now() THEN attempts_in_flight ELSE 0 END)`;
  const rows = await db.$queryRaw<AttemptedAccount[]>(Prisma.sql`
    WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)),
    reserved AS (
      UPDATE users
      SET attempts_in_flight = ${inFlight} + 1, attempts_lease_until = now() + interval '10 seconds',
        attempts_epoch = attempts_epoch + (attempts_in_flight > ${inFlight})::int
      FROM unhurried
      WHERE ${isMeant} AND state = 'ACTIVE' AND locked_at IS NULL
        AND (${maxFailedAttempts}::int = 0 OR ${inFlight} = 0
             OR failed_attempts + ${inFlight} < ${maxFailedAttempts}::int)
      RETURNING attempts_epoch
    )
    SELECT id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
           password_hash AS "passwordHash", password_set_at AS "passwordSetAt",
           locked_at AS "lockedAt", locked_until AS "lockedUntil",
           (SELECT attempts_epoch FROM reserved) AS epoch
    FROM users WHERE ${isMeant}`);
  return rows[0] ?? null;
}

/** One reservation less, if it is still among those that are counted. */
const giveBack = ({ epoch }: Pick<Reserved, "epoch">) =>
  Prisma.sql`attempts_in_flight = greatest(attempts_in_flight - (attempts_epoch IS NOT DISTINCT FROM ${epoch}::int)::int, 0)`;

/** Gives a reservation back without a verdict. */
export async function releaseAttempt(db: RawDb, reserved: Reserved): Promise<void> {
  await db.$executeRaw(Prisma.sql`UPDATE users SET ${giveBack(reserved)} WHERE id = ${reserved.id}::uuid`);
}

/**
 * Counts a wrong password and gives the reservation back. Null stands for an attempt that does not count; the same
 * statement then finds no row.
 * @param below counted only if the failures stay below it; null for no such limit
 * @returns the wrong passwords in a row, this one included; null when it was not counted
 */
export async function countFailure(
  db: RawDb,
  reserved: Reserved | null,
  below: number | null,
): Promise<number | null> {
  const { id, epoch } = reserved ?? { id: NIL_UUID, epoch: null };
  const rows = await db.$queryRaw<{ failed: number }[]>(Prisma.sql`
    UPDATE users SET failed_attempts = failed_attempts + 1, ${giveBack({ epoch })}
    WHERE id = ${id}::uuid AND (${below}::int IS NULL OR failed_attempts + 1 < ${below}::int)
    RETURNING failed_attempts AS failed`);
  return rows[0]?.failed ?? null;
}

/** Who an account's person is. */
type Identity = Pick<AttemptedAccount, "email" | "firstName" | "lastName" | "authority">;

/**
 * Gives the reservation back after the right password and forgets the failures. Null when in the meantime the account
 * was locked or disabled, or its password was replaced: the password that was right is so no longer. A login beside this
 * one that hashed the same password again has not replaced it, and its hash stays.
 * @param user.loggedInAt when that completes a login; null when more is asked for
 * @returns whose account it is by now
 */
export async function clearFailures(
  db: RawDb,
  user: Reserved &
    Pick<AttemptedAccount, "passwordHash" | "passwordSetAt"> & {
      newHash: string | null;
      loggedInAt: Date | null;
    },
): Promise<Identity | null> {
  const { id, passwordHash, passwordSetAt, newHash, loggedInAt } = user;
  const rows = await db.$queryRaw<Identity[]>(Prisma.sql`
    UPDATE users SET failed_attempts = 0, ${giveBack(user)}, last_login_at = coalesce(${loggedInAt}, last_login_at),
      password_hash = CASE WHEN password_hash = ${passwordHash} THEN coalesce(${newHash}, password_hash) ELSE password_hash END
    WHERE id = ${id}::uuid AND state = 'ACTIVE' AND locked_at IS NULL
      AND (password_hash = ${passwordHash}
           OR (${newHash}::text IS NOT NULL AND password_set_at = ${passwordSetAt}::timestamptz))
    RETURNING email, first_name AS "firstName", last_name AS "lastName", authority`);
  return rows[0] ?? null;
}

/** Notes a login that was completed without a password. */
export async function noteLogin(db: RawDb, userId: string, now: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`UPDATE users SET last_login_at = ${now} WHERE id = ${userId}::uuid`);
}

/** Locks an account; false when it is locked already. */
export async function lockAccount(
  db: Db,
  userId: string,
  lock: { at: Date; until: Date | null },
): Promise<boolean> {
  const { count } = await db.user.updateMany({
    where: { id: userId, lockedAt: null },
    data: { lockedAt: lock.at, lockedUntil: lock.until },
  });
  return count === 1;
}

/** Lifts a lock whose time is over; false when it was lifted already, or is another one. */
export async function liftLapsedLock(db: Db, userId: string, now: Date): Promise<boolean> {
  const { count } = await db.user.updateMany({
    where: { id: userId, lockedUntil: { lte: now } },
    data: { lockedAt: null, lockedUntil: null, failedAttempts: 0 },
  });
  return count === 1;
}

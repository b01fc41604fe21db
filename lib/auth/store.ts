import "server-only";
import type { Db, RawDb } from "@/lib/core/db";
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
};

export type Reservation = { account: AttemptedAccount | null; reserved: boolean };

/**
 * Reserves the evaluation of one password, if the account may have one more: it is active, not locked, and its failures
 * and the evaluations under way stay below the limit together. At least one is always possible, so that a lowered limit
 * leaves nobody stuck.
 *
 * One statement: PostgreSQL locks the row, and checks the condition again on what it then holds. It need not survive a
 * crash, so it does not wait for the disk; and its lease ends by itself, so that a process that dies holding
 * reservations blocks nobody for longer.
 */
export async function reserveAttempt(
  db: RawDb,
  emailKey: string,
  maxFailedAttempts: number,
): Promise<Reservation> {
  const inFlight = Prisma.sql`(CASE WHEN attempts_lease_until > now() THEN attempts_in_flight ELSE 0 END)`;
  const rows = await db.$queryRaw<(AttemptedAccount & { reserved: boolean })[]>(Prisma.sql`
    WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)),
    reserved AS (
      UPDATE users
      SET attempts_in_flight = ${inFlight} + 1, attempts_lease_until = now() + interval '10 seconds'
      FROM unhurried
      WHERE email_key = ${emailKey} AND state = 'ACTIVE' AND locked_at IS NULL
        AND (${maxFailedAttempts}::int = 0 OR ${inFlight} = 0
             OR failed_attempts + ${inFlight} < ${maxFailedAttempts}::int)
      RETURNING id
    )
    SELECT id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
           password_hash AS "passwordHash", password_set_at AS "passwordSetAt",
           locked_at AS "lockedAt", locked_until AS "lockedUntil", EXISTS (SELECT FROM reserved) AS reserved
    FROM users WHERE email_key = ${emailKey}`);
  const [row] = rows;
  if (!row) return { account: null, reserved: false };
  const { reserved, ...account } = row;
  return { account, reserved };
}

const giveBack = Prisma.sql`attempts_in_flight = greatest(attempts_in_flight - 1, 0)`;

/** Gives a reservation back without a verdict. */
export async function releaseAttempt(db: RawDb, userId: string): Promise<void> {
  await db.$executeRaw(Prisma.sql`UPDATE users SET ${giveBack} WHERE id = ${userId}::uuid`);
}

/** A user id that nobody has: what is done for it takes the time of the real thing. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * Counts a wrong password and gives the reservation back. Null for the user stands for an attempt that does not count;
 * the same statement then finds no row.
 * @param below counted only if the failures stay below it; null for no such limit
 * @returns the wrong passwords in a row, this one included; null when it was not counted
 */
export async function countFailure(
  db: RawDb,
  userId: string | null,
  below: number | null,
): Promise<number | null> {
  const rows = await db.$queryRaw<{ failed: number }[]>(Prisma.sql`
    UPDATE users SET failed_attempts = failed_attempts + 1, ${giveBack}
    WHERE id = ${userId ?? NOBODY}::uuid AND (${below}::int IS NULL OR failed_attempts + 1 < ${below}::int)
    RETURNING failed_attempts AS failed`);
  return rows[0]?.failed ?? null;
}

/**
 * Gives the reservation back after the right password and forgets the failures. False when in the meantime the account
 * was locked or disabled, or its password was replaced: the password that was right is so no longer. A login beside this
 * one that hashed the same password again has not replaced it, and its hash stays.
 * @param user.loggedInAt when that completes a login; null when more is asked for
 */
export async function clearFailures(
  db: RawDb,
  user: Pick<AttemptedAccount, "id" | "passwordHash" | "passwordSetAt"> & {
    newHash: string | null;
    loggedInAt: Date | null;
  },
): Promise<boolean> {
  const { id, passwordHash, passwordSetAt, newHash, loggedInAt } = user;
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE users SET failed_attempts = 0, ${giveBack}, last_login_at = coalesce(${loggedInAt}, last_login_at),
      password_hash = CASE WHEN password_hash = ${passwordHash} THEN coalesce(${newHash}, password_hash) ELSE password_hash END
    WHERE id = ${id}::uuid AND state = 'ACTIVE' AND locked_at IS NULL
      AND (password_hash = ${passwordHash}
           OR (${newHash}::text IS NOT NULL AND password_set_at = ${passwordSetAt}::timestamptz))`);
  return count === 1;
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

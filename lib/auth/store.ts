import "server-only";
import { type AuditRow, appending } from "@/lib/audit/store";
import { type Db, NIL_UUID, type RawDb } from "@/lib/core/db";
import { beginning, keyColumns, type NewSession } from "@/lib/sessions/store";
import type { SealedKey } from "@/lib/tokens/store";
import { type AccountState, type Authority, Prisma } from "@/prisma/generated/client";

/** The fields of an account that an attempt needs. */
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
  /** The epoch in which this attempt holds a reservation; null when it holds none. See `reserveAttempt`. */
  epoch: number | null;
};

/**
 * The account whose password is tried, by its address or by its id. Where the id is known it must be used, because the
 * address may belong to another account by now.
 */
export type AccountSelector = { emailKey: string } | { userId: string };

/** What releasing a reservation needs: the account's id and the epoch of the reservation. */
type Reserved = Pick<AttemptedAccount, "id" | "epoch">;

/**
 * Reserves the comparison of one password. This succeeds if the account is active and not locked, and its failures plus
 * its open reservations are below the limit. While no reservation is open, the limit is not checked, so that lowering
 * it locks nobody out (docs/decisions/0004).
 *
 * A single statement does it: after waiting for the row lock, PostgreSQL evaluates the condition again on the row's new
 * version. The commit does not wait for the disk (`synchronous_commit = off`), because a reservation need not survive a
 * crash. All reservations of an account share a lease of 10 seconds, which each new one extends, so a process that dies
 * with open reservations blocks the account no longer than that. If the lease has expired with reservations still open,
 * the next one starts from zero in a new epoch; late releases from an earlier epoch are then ignored.
 * @param maxFailedAttempts the limit; 0 for none
 * @returns the account, with an `epoch` if the attempt is reserved; null when there is no such account
 */
export async function reserveAttempt(
  db: RawDb,
  selector: AccountSelector,
  maxFailedAttempts: number,
): Promise<AttemptedAccount | null> {
  const matchesAccount =
    "userId" in selector
      ? Prisma.sql`id = ${selector.userId}::uuid`
      : Prisma.sql`email_key = ${selector.emailKey}`;
  const inFlight = Prisma.sql`(CASE WHEN attempts_lease_until > now() THEN attempts_in_flight ELSE 0 END)`;
  const rows = await db.$queryRaw<AttemptedAccount[]>(Prisma.sql`
    WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)),
    reserved AS (
      UPDATE users
      SET attempts_in_flight = ${inFlight} + 1, attempts_lease_until = now() + interval '10 seconds',
        attempts_epoch = attempts_epoch + (attempts_in_flight > ${inFlight})::int
      FROM unhurried
      WHERE ${matchesAccount} AND state = 'ACTIVE' AND locked_at IS NULL
        AND (${maxFailedAttempts}::int = 0 OR ${inFlight} = 0
             OR failed_attempts + ${inFlight} < ${maxFailedAttempts}::int)
      RETURNING attempts_epoch
    )
    SELECT id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
           password_hash AS "passwordHash", password_set_at AS "passwordSetAt",
           locked_at AS "lockedAt", locked_until AS "lockedUntil",
           (SELECT attempts_epoch FROM reserved) AS epoch
    FROM users WHERE ${matchesAccount}`);
  return rows[0] ?? null;
}

/** An assignment that decrements the open reservations if this one is from the current epoch. */
const decrementReservations = ({ epoch }: Pick<Reserved, "epoch">) =>
  Prisma.sql`attempts_in_flight = greatest(attempts_in_flight - (attempts_epoch IS NOT DISTINCT FROM ${epoch}::int)::int, 0)`;

/** Releases a reservation without recording an outcome. */
export async function releaseAttempt(db: RawDb, reserved: Reserved): Promise<void> {
  await db.$executeRaw(
    Prisma.sql`UPDATE users SET ${decrementReservations(reserved)} WHERE id = ${reserved.id}::uuid`,
  );
}

/**
 * Counts a wrong password and releases the reservation.
 * @param reserved null for an attempt that does not count: the same statement then runs and matches no row
 * @param below changes nothing if the count would reach this limit; null for no limit
 * @returns the wrong passwords in a row, including this one; null when nothing was counted
 */
export async function countFailure(
  db: RawDb,
  reserved: Reserved | null,
  below: number | null,
): Promise<number | null> {
  const { id, epoch } = reserved ?? { id: NIL_UUID, epoch: null };
  const rows = await db.$queryRaw<{ failed: number }[]>(Prisma.sql`
    UPDATE users SET failed_attempts = failed_attempts + 1, ${decrementReservations({ epoch })}
    WHERE id = ${id}::uuid AND (${below}::int IS NULL OR failed_attempts + 1 < ${below}::int)
    RETURNING failed_attempts AS failed`);
  return rows[0]?.failed ?? null;
}

/** The address, name and authority of an account. */
type Identity = Pick<AttemptedAccount, "email" | "firstName" | "lastName" | "authority">;

/** An account whose right password was verified, as it was when the attempt was reserved. */
type Cleared = Reserved &
  Pick<AttemptedAccount, "passwordHash" | "passwordSetAt"> & {
    /** The same password hashed with current parameters; null when the stored hash already has them. */
    newHash: string | null;
    /** The time of the login that this completes; null when a further step follows. */
    loggedInAt: Date | null;
  };

/**
 * Releases the reservation after a right password, resets the failed attempts and stores `newHash`, if there is one. If
 * a concurrent login has already rehashed the same password, the password still counts, and that login's hash stays.
 * @returns the account's current address, name and authority; null when the account was locked or disabled, its password
 *   replaced, or its reservations voided, since the attempt was reserved
 */
export async function clearFailures(db: RawDb, user: Cleared): Promise<Identity | null> {
  const rows = await db.$queryRaw<Identity[]>(clearing(user));
  return rows[0] ?? null;
}

function clearing(user: Cleared): Prisma.Sql {
  const { id, epoch, passwordHash, passwordSetAt, newHash, loggedInAt } = user;
  return Prisma.sql`
    UPDATE users SET failed_attempts = 0, ${decrementReservations(user)}, last_login_at = coalesce(${loggedInAt}, last_login_at),
      password_hash = CASE WHEN password_hash = ${passwordHash} THEN coalesce(${newHash}, password_hash) ELSE password_hash END
    WHERE id = ${id}::uuid AND state = 'ACTIVE' AND locked_at IS NULL AND attempts_epoch = ${epoch}::int
      AND (password_hash = ${passwordHash}
           OR (${newHash}::text IS NOT NULL AND password_set_at = ${passwordSetAt}::timestamptz))
    RETURNING email, first_name AS "firstName", last_name AS "lastName", authority`;
}

/**
 * Does the same as `clearFailures` and, if the password still counts, inserts a session on the current signing key and
 * appends an event. All of it in one statement, which therefore is a transaction by itself.
 * @returns `key`: the signing key; null on a database that was never set up, where no session is inserted
 */
export async function clearFailuresAndBegin(
  db: RawDb,
  user: Cleared,
  session: NewSession,
  event: AuditRow,
): Promise<{ identity: Identity; key: SealedKey | null } | null> {
  const cleared = Prisma.sql`cleared`;
  const rows = await db.$queryRaw<(Identity & (SealedKey | { kid: null }))[]>(Prisma.sql`
    WITH cleared AS (${clearing(user)}), ${beginning(session, cleared)}, event AS (${appending(event, cleared)})
    SELECT cleared.*, ${keyColumns} FROM cleared LEFT JOIN key ON TRUE`);
  const [row] = rows;
  if (!row) return null;
  return { identity: row, key: row.kid === null ? null : row };
}

/** Sets the time of the last login, for a login that checked no password. */
export async function noteLogin(db: RawDb, userId: string, now: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`UPDATE users SET last_login_at = ${now} WHERE id = ${userId}::uuid`);
}

/** Locks an account; false when it is locked already. `until` is null for a lock without an end. */
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

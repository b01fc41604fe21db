import { MINUTE_MS } from "@/lib/core/durations/rules";

/** Returns when a lock that begins now ends; null when the duration is null or 0, so that somebody has to lift it. */
export function lockEnd(lockoutDurationMinutes: number | null, now: Date): Date | null {
  return lockoutDurationMinutes ? new Date(now.getTime() + lockoutDurationMinutes * MINUTE_MS) : null;
}

/** Returns whether that many wrong passwords in a row lock an account. With a limit of null or 0, none do. */
export function locksAccount(failedAttempts: number, maxFailedLoginAttempts: number | null): boolean {
  return maxFailedLoginAttempts ? failedAttempts >= maxFailedLoginAttempts : false;
}

/**
 * The longest time that reserving and recording a refused login should take, in milliseconds. The longest is a failure that
 * locks the account: with the lock, a link and two mails it takes PostgreSQL four times as long as the others.
 */
const BOOKKEEPING_MS = 50;

/**
 * Returns how long the answer to a refused login is still delayed, in milliseconds: the rest of `BOOKKEEPING_MS`, plus a
 * random time. Without the delay, the slower answer to the wrong password that locks an account, or to the first one after a
 * lock has ended, would reveal that the account exists (docs/decisions/0020).
 * @param bookkeepingMs how long the reservation took, and the time since the password was judged
 * @param randomDelayMs the random part
 */
export function refusalDelayMs(bookkeepingMs: number, randomDelayMs: number): number {
  return Math.max(0, BOOKKEEPING_MS - bookkeepingMs) + randomDelayMs;
}

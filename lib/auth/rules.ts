import { MINUTE_MS } from "@/lib/core/durations/rules";

/** When a lock that begins now ends by itself; null when it waits for somebody. */
export function lockEnd(lockoutDurationMinutes: number | null, now: Date): Date | null {
  return lockoutDurationMinutes ? new Date(now.getTime() + lockoutDurationMinutes * MINUTE_MS) : null;
}

/** Whether that many wrong passwords in a row lock an account; null and 0 mean that none do. */
export function locksAccount(failedAttempts: number, maxFailedLoginAttempts: number | null): boolean {
  return Boolean(maxFailedLoginAttempts) && failedAttempts >= Number(maxFailedLoginAttempts);
}

/**
 * What it takes to write down a refused login, at most: one that locks an account writes the lock, a link and two mails as
 * well, which takes PostgreSQL four times as long as the rest.
 */
const RECORDING_MS = 50;

/**
 * How long an answer that refuses a login is still held back, in milliseconds: until as much time has passed as the
 * longest of them takes to be written down, and then by chance. Else the answer to the wrong password that locks an
 * account would tell that there is one (docs/decisions/0020).
 */
export function holdMs(recordingMs: number, chanceMs: number): number {
  return Math.max(0, RECORDING_MS - recordingMs) + chanceMs;
}

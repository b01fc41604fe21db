import { MINUTE_MS } from "@/lib/core/durations/rules";

/** When a lock that begins now ends by itself; null when it waits for somebody. */
export function lockEnd(lockoutDurationMinutes: number | null, now: Date): Date | null {
  return lockoutDurationMinutes ? new Date(now.getTime() + lockoutDurationMinutes * MINUTE_MS) : null;
}

/** Whether that many wrong passwords in a row lock an account; null and 0 mean that none do. */
export function locksAccount(failedAttempts: number, maxFailedLoginAttempts: number | null): boolean {
  return Boolean(maxFailedLoginAttempts) && failedAttempts >= Number(maxFailedLoginAttempts);
}

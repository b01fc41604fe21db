/** An e-mail address as addresses are compared: NFC and lower case, so that casing makes no second account. */
export function emailKey(email: string): string {
  return email.normalize("NFC").toLowerCase();
}

/** Whether an account is locked at `now`; a lock without an end lasts until somebody lifts it. */
export function isLocked(account: { lockedAt: Date | null; lockedUntil: Date | null }, now: Date): boolean {
  return account.lockedAt !== null && (account.lockedUntil === null || account.lockedUntil > now);
}

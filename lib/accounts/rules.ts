import { MINUTE_MS } from "@/lib/core/durations/rules";

/** An e-mail address as addresses are compared: NFC and lower case, so that casing makes no second account. */
export function emailKey(email: string): string {
  return email.normalize("NFC").toLowerCase();
}

/** Whether an account is locked at `now`; a lock without an end lasts until somebody lifts it. */
export function isLocked(account: { lockedAt: Date | null; lockedUntil: Date | null }, now: Date): boolean {
  return account.lockedAt !== null && (account.lockedUntil === null || account.lockedUntil > now);
}

/**
 * An e-mail address as its owner recognises it and nobody else learns it: the first letter and the domain. The dots are
 * always as many, so that they do not tell the length.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const [first = ""] = email;
  return `${first}•••${email.slice(Math.max(at, 0))}`;
}

/**
 * How long after one mail with a link the next can follow, while the link was not used: a mailbox is not to be flooded
 * by somebody who keeps asking, and whoever has lost a mail should not wait long.
 */
export const LINK_MAIL_INTERVAL_MS = 5 * MINUTE_MS;

import { MINUTE_MS } from "@/lib/core/durations/rules";
import type { LinkPurpose } from "@/prisma/generated/enums";

/** The page of each kind of link. The gate lets everyone open it, and tells no other site its address. */
export const linkPages: Record<LinkPurpose, `/${string}`> = {
  ACTIVATION: "/activate",
  PASSWORD_RESET: "/reset-password",
  PASSWORD_EXPIRED: "/password-expired",
  UNLOCK: "/unlock",
};

/** The longest first or last name, in code points. */
export const MAX_NAME_LENGTH = 100;

/** Returns the form in which e-mail addresses are compared: NFC, lower case. Case alone makes no second account. */
export function emailKey(email: string): string {
  return email.normalize("NFC").toLowerCase();
}

/** Returns whether an account is locked at `now`. A lock without `lockedUntil` lasts until somebody lifts it. */
export function isLocked(account: { lockedAt: Date | null; lockedUntil: Date | null }, now: Date): boolean {
  return account.lockedAt !== null && (account.lockedUntil === null || account.lockedUntil > now);
}

/**
 * Masks an e-mail address so that its owner recognises it and nobody else learns it: keeps the first letter and the
 * domain. The number of dots is fixed, so that it does not reveal the length.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const [first = ""] = email;
  return `${first}•••${email.slice(Math.max(at, 0))}`;
}

/**
 * The shortest time between two mails with a link to one account while the first link is open, in milliseconds. Long
 * enough that repeated requests do not flood a mailbox, short enough for an owner who lost the first mail.
 */
export const LINK_MAIL_INTERVAL_MS = 5 * MINUTE_MS;

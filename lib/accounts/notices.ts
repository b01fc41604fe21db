import "server-only";
import type { Origin } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { maskEmail } from "./rules";

type Owner = { id: string; email: string; firstName: string; lastName: string };

/** Tells an account's owner that its password was replaced, and from where: it may not have been them. */
export async function notifyPasswordChanged(tx: Db, from: Origin, owner: Owner, now: Date): Promise<void> {
  const values = { ...about(from, owner), changedAt: now.toISOString() };
  await enqueueMail(tx, { kind: "password-changed", recipient: owner.email, userId: owner.id, values }, now);
}

/** Tells an account's owner that it is active from now on, and from where it was activated. */
export async function notifyActivated(tx: Db, from: Origin, owner: Owner, now: Date): Promise<void> {
  const values = { ...about(from, owner), activatedAt: now.toISOString() };
  await enqueueMail(tx, { kind: "account-activated", recipient: owner.email, userId: owner.id, values }, now);
}

/**
 * Tells an account's owner that an administrator gave it another address: at the new one, and at the one before, where
 * it would be noticed if it was wrong.
 */
export async function notifyEmailChanged(tx: Db, owner: Owner, oldEmail: string, now: Date): Promise<void> {
  const said = { name: fullName(owner), changedAt: now.toISOString() };
  const mail = { kind: "email-changed", userId: owner.id } as const;
  const values = { ...said, oldEmail, newEmail: owner.email };
  await enqueueMail(tx, { ...mail, recipient: owner.email, values }, now);
  const masked = { ...values, newEmail: maskEmail(owner.email) };
  await enqueueMail(tx, { ...mail, recipient: oldEmail, values: masked }, now);
}

function about({ address, userAgent }: Origin, owner: Owner) {
  return { name: fullName(owner), address, userAgent };
}

import "server-only";
import type { Origin } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { withdrawExpiryNotices } from "@/lib/mail/store";
import { maskEmail } from "./rules";

type Owner = { id: string; email: string; firstName: string; lastName: string };

/**
 * Mails the owner that the password was replaced, and from where, in case somebody else did it. Withdraws the notices that
 * the replaced one expires soon.
 * @param options `endedAll`: all sessions ended, and not only the others
 */
export async function notifyPasswordChanged(
  tx: Db,
  from: Origin,
  owner: Owner,
  { endedAll, now }: { endedAll: boolean; now: Date },
): Promise<void> {
  await withdrawExpiryNotices(tx, owner.id, "password");
  const values = { ...about(from, owner), changedAt: now.toISOString(), endedAll };
  await enqueueMail(tx, { kind: "password-changed", recipient: owner.email, userId: owner.id, values }, now);
}

/** Mails the owner that the account is now active, and from where it was activated. */
export async function notifyActivated(tx: Db, from: Origin, owner: Owner, now: Date): Promise<void> {
  const values = { ...about(from, owner), activatedAt: now.toISOString() };
  await enqueueMail(tx, { kind: "account-activated", recipient: owner.email, userId: owner.id, values }, now);
}

/**
 * Mails the owner that an administrator changed the account's address. The notice goes to the new address and to the
 * old one, where the owner notices a wrong change; the old one sees the new address only masked.
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

import "server-only";
import type { Origin } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { fullName } from "./rules";

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

function about({ address, userAgent }: Origin, owner: Owner) {
  return { name: fullName(owner), address, userAgent };
}

import "server-only";
import type { Origin } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";

/** Tells an account's owner that its password was replaced, and from where: it may not have been them. */
export async function notifyPasswordChanged(
  tx: Db,
  { address, userAgent }: Origin,
  owner: { id: string; email: string },
  now: Date,
): Promise<void> {
  const values = { changedAt: now.toISOString(), address, userAgent };
  await enqueueMail(tx, { kind: "password-changed", recipient: owner.email, userId: owner.id, values }, now);
}

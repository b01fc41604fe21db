import { db } from "@/lib/core/db";
import { openPayload } from "@/lib/mail/outbox";
import type { MailKind, MailValues } from "@/lib/mail/schema";

/** A mail in the outbox, with the values for its template. */
export type ReadMail = { kind: MailKind; recipient: string; values: Partial<MailValues[MailKind]> };

/** The mails in the outbox that still have their contents, oldest first, for one account or all. */
export async function readMails(userId?: string): Promise<ReadMail[]> {
  const rows = await db().outboxMessage.findMany({
    where: { sealedPayload: { not: null }, ...(userId && { userId }) },
    orderBy: { id: "asc" },
  });
  return rows.map(({ kind, recipient, sealedPayload }) => ({
    kind: kind as MailKind,
    recipient,
    values: openPayload(kind as MailKind, sealedPayload ?? ""),
  }));
}

/** The secret in a link. */
export function secretOf(url: string): string {
  return new URL(url).searchParams.get("token") ?? "";
}

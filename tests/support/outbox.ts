import { db } from "@/lib/core/db";
import { openPayload } from "@/lib/mail/outbox";
import type { MailKind, MailValues } from "@/lib/mail/schema";

/** A mail in the outbox with its values, as its template will get them. */
export type ReadMail = { kind: MailKind; recipient: string; values: Partial<MailValues[MailKind]> };

/** What waits in the outbox, oldest first; for one account, or all. */
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

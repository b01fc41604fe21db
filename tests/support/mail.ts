import { db } from "@/lib/core/db";
import { type Deliveries, deliverDueMails } from "@/lib/mail/due-mails";
import { enqueueMail } from "@/lib/mail/outbox";
import type { Mail, MailKind, MailValues } from "@/lib/mail/schema";
import { sampleValues } from "@/lib/mail/templates/samples";
import { type MailSettings, mailSettingsDefaults } from "@/lib/settings/mail/schema";
import { insertRevision, readMailPanel } from "@/lib/settings/store";

/** Queues a mail of a kind in the outbox, as the verbs do. */
export async function queueMail<K extends MailKind>(
  kind: K,
  options: { recipient?: string; userId?: string; values?: MailValues[K]; linkId?: string; now?: Date } = {},
): Promise<string> {
  const { recipient = "ada@example.org", userId = null, linkId, now = new Date() } = options;
  const { values = sampleValues(now)[kind] } = options;
  const mail = { kind, recipient, userId, values, ...(linkId && { linkId }) } as Mail;
  return db().$transaction((tx) => enqueueMail(tx, mail, now));
}

/** Stores mail settings, without an audit event. */
export async function useMailServer(values: Partial<MailSettings>): Promise<void> {
  const { version } = await readMailPanel(db());
  await insertRevision(db(), "mail", {
    version: version + 1,
    values: { ...mailSettingsDefaults, host: "127.0.0.1", tls: "none", ...values },
    facts: {},
    savedAt: new Date(),
    savedByEmail: "host",
  });
}

/** Sends the due mails as the mail worker does. @param at its clock; by default the current time */
export function deliverMails(at?: Date): Promise<Deliveries> {
  return deliverDueMails(() => at ?? new Date(), { stopped: new AbortController().signal });
}

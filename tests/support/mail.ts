import { db } from "@/lib/core/db";
import { deliverDueMails, type Round } from "@/lib/mail/delivery";
import { enqueueMail } from "@/lib/mail/outbox";
import type { Mail, MailKind, MailValues } from "@/lib/mail/schema";
import { type MailSettings, mailSettingsDefaults } from "@/lib/settings/schema";
import { insertRevision, readMailPanel } from "@/lib/settings/store";

const AT = "2026-11-24T09:15:00.000Z";
const LATER = "2026-11-24T09:45:00.000Z";
const ORIGIN = {
  address: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/132.0",
};
const LOCK = { attempts: 5, lockedAt: AT, lockedUntil: LATER, ...ORIGIN };
const link = (path: string) => `http://localhost:3000${path}?token=${path.slice(1, 2).repeat(43)}`;

/** Values for every kind of mail. */
export const sampleValues: MailValues = {
  activation: { name: "Ada", activationUrl: link("/activate"), expiresAt: LATER },
  "account-activated": { name: "Ada", activatedAt: AT, ...ORIGIN },
  "password-reset": { name: "Ada", resetUrl: link("/reset-password"), expiresAt: LATER, ...ORIGIN },
  "password-reset-forced": { resetUrl: link("/reset-password"), expiresAt: LATER },
  "password-changed": { changedAt: AT, ...ORIGIN },
  "password-expires-soon": { name: "Ada", expiresAt: LATER, daysLeft: 7 },
  "account-locked": { email: "ada@example.org", ...LOCK },
  "account-locked-owner": { ...LOCK, unlockUrl: link("/unlock") },
  test: { requestedBy: "ops@example.org", requestedAt: AT },
};

/** Leaves a mail of a kind in the outbox, as a verb does. */
export async function leaveMail<K extends MailKind>(
  kind: K,
  options: { recipient?: string; values?: MailValues[K]; now?: Date } = {},
): Promise<string> {
  const { recipient = "ada@example.org", values = sampleValues[kind], now = new Date() } = options;
  const mail = { kind, recipient, userId: null, values } as Mail;
  return db().$transaction((tx) => enqueueMail(tx, mail, now));
}

/** Puts a mail server in force, without an audit event. */
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

/** One round of the worker, at a moment of one's choosing. */
export function deliverMails(at?: Date): Promise<Round> {
  return deliverDueMails(() => at ?? new Date(), new AbortController().signal);
}

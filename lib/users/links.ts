import "server-only";
import { type IssuedLink, issueLink } from "@/lib/accounts/links";
import { fullName } from "@/lib/accounts/rules";
import type { User } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { settingsInForce } from "@/lib/settings/service";

const HOUR_MS = 3_600_000;

type Delivery = {
  user: Pick<User, "id" | "email" | "firstName" | "lastName">;
  delivery: "mail" | "copy";
  /** A mailed link that the administrator sees as well; the audit must not keep it to itself. */
  isShown?: boolean;
};

/** Makes the link with which an invited person chooses a password; mails it, or hands it to the administrator. */
export async function issueActivationLink(
  tx: Db,
  actor: Person,
  to: Delivery,
  now: Date,
): Promise<IssuedLink> {
  const { user, delivery } = to;
  const { userActivationTokenTtl } = (await settingsInForce(tx)).general.values;
  const lifetimeMs = userActivationTokenTtl * HOUR_MS;
  const link = await issueLink(tx, { userId: user.id, purpose: "ACTIVATION", lifetimeMs, now });
  if (delivery === "mail") {
    const values = { name: fullName(user), activationUrl: link.url, expiresAt: link.expiresAt.toISOString() };
    const mail = { kind: "activation", recipient: user.email, userId: user.id, linkId: link.id } as const;
    await enqueueMail(tx, { ...mail, values }, now);
  }
  await auditLink(tx, actor, to, { purpose: "ACTIVATION", now });
  return link;
}

/** Makes the link with which a person resets a password; mails it, or hands it to the administrator. */
export async function issueResetLink(tx: Db, actor: Person, to: Delivery, now: Date): Promise<IssuedLink> {
  const { user, delivery } = to;
  const { passwordResetTokenTtl } = (await settingsInForce(tx)).general.values;
  const lifetimeMs = passwordResetTokenTtl * HOUR_MS;
  const link = await issueLink(tx, { userId: user.id, purpose: "PASSWORD_RESET", lifetimeMs, now });
  if (delivery === "mail") {
    const values = {
      name: fullName(user),
      resetUrl: link.url,
      expiresAt: link.expiresAt.toISOString(),
      address: null,
      userAgent: null,
    };
    const mail = { kind: "password-reset", recipient: user.email, userId: user.id, linkId: link.id } as const;
    await enqueueMail(tx, { ...mail, values }, now);
  }
  await auditLink(tx, actor, to, { purpose: "PASSWORD_RESET", now });
  return link;
}

async function auditLink(
  tx: Db,
  actor: Person,
  { user, delivery, isShown }: Delivery,
  { purpose, now }: { purpose: string; now: Date },
): Promise<void> {
  const subject = { id: user.id, email: user.email };
  const details = { purpose, delivery, ...(isShown && delivery === "mail" && { shown: true }) };
  await audit(tx, actor, [{ kind: "link-issued", subject, details }], now);
}

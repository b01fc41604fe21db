import "server-only";
import { audit } from "@/lib/audit/service";
import type { Host, Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { settingsInForce } from "@/lib/settings/service";
import { type IssuedLink, issueLink } from "./links";
import type { User } from "./store";

type Owner = Pick<User, "id" | "email" | "firstName" | "lastName" | "state">;

/** The purpose of the link that lets an owner choose a password: activation for an invited account, else a reset. */
const purposeFor = ({ state }: Owner): "ACTIVATION" | "PASSWORD_RESET" =>
  state === "INVITED" ? "ACTIVATION" : "PASSWORD_RESET";

type Options = {
  /** See `issueLink`. */
  isAnonymous?: boolean;
  now: Date;
};

/** Creates an activation or reset link whose lifetime comes from the general settings. */
async function issuePasswordLink(tx: Db, owner: Owner, options: Options): Promise<IssuedLink> {
  const { userActivationTokenTtl, passwordResetTokenTtl } = (await settingsInForce(tx)).general.values;
  const purpose = purposeFor(owner);
  const hours = purpose === "ACTIVATION" ? userActivationTokenTtl : passwordResetTokenTtl;
  return issueLink(tx, { userId: owner.id, purpose, lifetimeMs: hours * HOUR_MS, ...options });
}

/** Which mail carries a reset link, with its extra values. */
type ResetMail =
  | { kind: "password-reset-forced" }
  | { kind: "password-reset"; address: string | null; userAgent: string | null };

/**
 * Creates an activation or reset link and queues a mail with it to the account's stored address.
 * @param options.reset which mail to use if the link is for a reset; an activation has its own mail
 */
export async function mailPasswordLink(
  tx: Db,
  owner: Owner,
  { reset, ...options }: Options & { reset: ResetMail },
): Promise<{ link: IssuedLink; kind: "activation" | ResetMail["kind"] }> {
  const { now } = options;
  const link = await issuePasswordLink(tx, owner, options);
  const to = { recipient: owner.email, userId: owner.id, linkId: link.id };
  const common = { name: fullName(owner), expiresAt: link.expiresAt.toISOString() };
  if (purposeFor(owner) === "ACTIVATION") {
    await enqueueMail(tx, { kind: "activation", ...to, values: { ...common, activationUrl: link.url } }, now);
    return { link, kind: "activation" };
  }
  const values = { ...common, resetUrl: link.url };
  if (reset.kind === "password-reset-forced") {
    await enqueueMail(tx, { kind: reset.kind, ...to, values }, now);
  } else {
    const { kind, ...from } = reset;
    await enqueueMail(tx, { kind, ...to, values: { ...values, ...from } }, now);
  }
  return { link, kind: reset.kind };
}

/**
 * Creates an activation or reset link on behalf of an administrator or the host, audits it, and mails it or only
 * returns it for copying.
 * @param to.isShown a mailed link is shown to the administrator as well, which the audit event records
 */
export async function handOutLink(
  tx: Db,
  actor: Person | Host,
  to: { owner: Owner; delivery: "mail" | "copy"; isShown?: boolean },
  now: Date,
): Promise<IssuedLink> {
  const { owner, delivery, isShown } = to;
  const isMailed = delivery === "mail";
  const reset = { kind: "password-reset", address: null, userAgent: null } as const;
  const link = isMailed
    ? (await mailPasswordLink(tx, owner, { reset, now })).link
    : await issuePasswordLink(tx, owner, { now });
  const subject = { id: owner.id, email: owner.email };
  const details = {
    purpose: purposeFor(owner),
    delivery,
    ...(isShown && isMailed && { shown: true as const }),
  };
  await audit(tx, actor, [{ kind: "link-issued", subject, details }], now);
  return link;
}

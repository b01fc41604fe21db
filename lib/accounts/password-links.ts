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

/** What an account's person chooses a password with: who is invited activates, anybody else resets. */
const purposeFor = ({ state }: Owner): "ACTIVATION" | "PASSWORD_RESET" =>
  state === "INVITED" ? "ACTIVATION" : "PASSWORD_RESET";

type Options = {
  /** As `issueLink` has it. */
  isAnonymous?: boolean;
  now: Date;
};

/** Makes the link with which an account's person chooses a password, to work for as long as the settings say. */
async function issuePasswordLink(tx: Db, owner: Owner, options: Options): Promise<IssuedLink> {
  const { userActivationTokenTtl, passwordResetTokenTtl } = (await settingsInForce(tx)).general.values;
  const purpose = purposeFor(owner);
  const hours = purpose === "ACTIVATION" ? userActivationTokenTtl : passwordResetTokenTtl;
  return issueLink(tx, { userId: owner.id, purpose, lifetimeMs: hours * HOUR_MS, ...options });
}

/** The mail that brings a reset link. */
type ResetMail =
  | { kind: "password-reset-forced" }
  | { kind: "password-reset"; address: string | null; userAgent: string | null };

/** Makes such a link and mails it to the address that the account has; where it is for a reset, as `reset` says. */
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
 * Makes such a link for an administrator or the host, with its audit event, and mails it or leaves it to them.
 * @param to.isShown a mailed link is shown to them as well; the audit must not keep that to itself
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

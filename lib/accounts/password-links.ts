import "server-only";
import { audit } from "@/lib/audit/service";
import type { Host, Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { only } from "@/lib/core/only";
import { enqueueMails } from "@/lib/mail/outbox";
import type { Mail } from "@/lib/mail/schema";
import { settingsInForce } from "@/lib/settings/service";
import { type IssuedLink, issueLinks } from "./links";
import type { LinkOwner } from "./store";

type Owner = Omit<LinkOwner, "emailKey">;

/** The purpose of the link that lets an owner choose a password: activation for an invited account, else a reset. */
const purposeFor = ({ state }: Owner): "ACTIVATION" | "PASSWORD_RESET" =>
  state === "INVITED" ? "ACTIVATION" : "PASSWORD_RESET";

type Options = {
  /** See `issueLink`. */
  isAnonymous?: boolean;
  now: Date;
};

/**
 * Creates an activation or reset link for each owner, whose lifetime comes from the general settings.
 * @returns what was given, with the links, in any order
 */
async function issuePasswordLinks<To extends { owner: Owner }>(
  tx: Db,
  all: readonly To[],
  options: Options,
): Promise<(To & { link: IssuedLink })[]> {
  const { userActivationTokenTtl, passwordResetTokenTtl } = (await settingsInForce(tx)).general.values;
  const hours = { ACTIVATION: userActivationTokenTtl, PASSWORD_RESET: passwordResetTokenTtl };
  const issued: (To & { link: IssuedLink })[] = [];
  for (const purpose of ["ACTIVATION", "PASSWORD_RESET"] as const) {
    const some = all.filter(({ owner }) => purposeFor(owner) === purpose);
    if (some.length === 0) continue;
    const terms = { purpose, lifetimeMs: hours[purpose] * HOUR_MS, ...options };
    const links = await issueLinks(
      tx,
      some.map(({ owner }) => owner.id),
      terms,
    );
    issued.push(...links.map((link, i) => ({ ...(some[i] as To), link })));
  }
  return issued;
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
): Promise<IssuedLink> {
  return only(await mailPasswordLinks(tx, [{ owner, reset }], options)).link;
}

/**
 * Does the same for several accounts, in as many statements as for one.
 * @returns the links, and the kinds of the mails, in any order
 */
export async function mailPasswordLinks<O extends Owner>(
  tx: Db,
  all: readonly { owner: O; reset: ResetMail }[],
  options: Options,
): Promise<{ owner: O; link: IssuedLink; kind: "activation" | ResetMail["kind"] }[]> {
  const issued = await issuePasswordLinks(tx, all, options);
  await enqueueMails(tx, issued.map(mailWith), options.now);
  return issued.map(({ owner, reset, link }) => {
    const kind = purposeFor(owner) === "ACTIVATION" ? "activation" : reset.kind;
    return { owner, link, kind };
  });
}

function mailWith({ owner, reset, link }: { owner: Owner; reset: ResetMail; link: IssuedLink }): Mail {
  const to = { recipient: owner.email, userId: owner.id, linkId: link.id };
  const common = { name: fullName(owner), expiresAt: link.expiresAt.toISOString() };
  if (purposeFor(owner) === "ACTIVATION")
    return { kind: "activation", ...to, values: { ...common, activationUrl: link.url } };
  const values = { ...common, resetUrl: link.url };
  if (reset.kind === "password-reset-forced") return { kind: reset.kind, ...to, values };
  const { kind, ...from } = reset;
  return { kind, ...to, values: { ...values, ...from } };
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
    ? await mailPasswordLink(tx, owner, { reset, now })
    : only(await issuePasswordLinks(tx, [{ owner }], { now })).link;
  const details = {
    purpose: purposeFor(owner),
    delivery,
    ...(isShown && isMailed && { shown: true as const }),
  };
  await audit(tx, actor, [{ kind: "link-issued", subject: owner, details }], now);
  return link;
}

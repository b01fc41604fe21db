import "server-only";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { digestOf, newLinkSecret } from "@/lib/core/secrets";
import { isAnyMailed, withdrawMails } from "@/lib/mail/store";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { LINK_MAIL_INTERVAL_MS } from "./rules";
import { findOpenLinkIds, findUsableLink, holdUser, insertLink, supersedeLinks, type User } from "./store";

const paths: Record<LinkPurpose, string> = {
  ACTIVATION: "/activate",
  PASSWORD_RESET: "/reset-password",
  PASSWORD_EXPIRED: "/password-expired",
  UNLOCK: "/unlock",
};

/** A link as it is handed out, once: the database keeps only the digest of its secret. */
export type IssuedLink = { id: string; secret: string; url: string; expiresAt: Date };

/**
 * Makes a link for one purpose; the account's earlier ones of that purpose stop working. The address is built from
 * BASE_URL, never from what a request claims.
 * @param input.isAnonymous whoever asked has proved nothing; then only links that were asked for in the same way stop
 *   working, or any stranger could take an invitation away from its person, again and again
 */
export async function issueLink(
  tx: Db,
  input: { userId: string; purpose: LinkPurpose; lifetimeMs: number; isAnonymous?: boolean; now: Date },
): Promise<IssuedLink> {
  const { userId, purpose, lifetimeMs, isAnonymous = false, now } = input;
  const { secret, digest } = newLinkSecret();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await closeLinks(tx, { userId, purpose, ...(isAnonymous && { isAnonymous }) }, now);
  const id = await insertLink(tx, { userId, purpose, digest, isAnonymous, createdAt: now, expiresAt });
  const url = new URL(paths[purpose], env().BASE_URL);
  url.searchParams.set("token", secret);
  return { id, secret, url: url.href, expiresAt };
}

/**
 * Ends the links that an account still has, or those of one purpose, and takes the mails back that would still bring
 * them. Holds the account until the end of the transaction.
 * @param usedId a link that has just been used, whose mail is needed no more either
 */
export async function closeLinks(
  tx: Db,
  which: { userId: string; purpose?: LinkPurpose; isAnonymous?: true },
  now: Date,
  usedId?: string,
): Promise<void> {
  await holdUser(tx, which.userId);
  const closed = await supersedeLinks(tx, which, now);
  if (usedId) closed.push(usedId);
  if (closed.length > 0) await withdrawMails(tx, closed);
}

/** Whether the account's owner was mailed a link, still open, so lately that no other follows yet. */
export async function wasJustMailed(tx: Db, userId: string, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - LINK_MAIL_INTERVAL_MS);
  return isAnyMailed(tx, await findOpenLinkIds(tx, userId, since));
}

/**
 * The account behind a link that works now: not used, expired, superseded or of another purpose, and the account still
 * in the state that the purpose is for. Looking changes nothing: mail scanners follow links too.
 */
export async function findWorkingLink(
  db: Db,
  purpose: LinkPurpose,
  secret: string,
  now: Date,
): Promise<{ id: string; user: User } | null> {
  const link = await findUsableLink(db, digestOf(secret), purpose, now);
  return link?.user.state === (purpose === "ACTIVATION" ? "INVITED" : "ACTIVE") ? link : null;
}

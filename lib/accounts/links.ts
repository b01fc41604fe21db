import "server-only";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { only } from "@/lib/core/only";
import { digestOf, newSecret } from "@/lib/core/secrets";
import type { WithdrawalReason } from "@/lib/mail/schema";
import { findMailedLinks, withdrawMails } from "@/lib/mail/store";
import type { AccountState, LinkPurpose } from "@/prisma/generated/enums";
import { findOpenLinks, findUsableLink, insertLinks, supersedeLinks } from "./links/store";
import { LINK_MAIL_INTERVAL_MS, linkPages } from "./rules";
import { lockUserRows, type User } from "./store";

/** The length of a link's secret, in characters; these have more than 256 bits of chance. */
const SECRET_LENGTH = 43;

/** A new link. This is the only time its secret is known: the database keeps only the digest. */
export type IssuedLink = { id: string; secret: string; url: string; expiresAt: Date };

type LinkTerms = { purpose: LinkPurpose; lifetimeMs: number; isAnonymous?: boolean; now: Date };

/**
 * Creates a link for one purpose and supersedes the account's earlier links of that purpose. The URL is built from
 * BASE_URL, never from request headers.
 * @param input.isAnonymous the requester is unauthenticated, as at a login too. Then only links that were also requested
 *   anonymously are superseded: otherwise any stranger could void a user's invitation again and again
 */
export async function issueLink(
  tx: Db,
  { userId, ...terms }: LinkTerms & { userId: string },
): Promise<IssuedLink> {
  return only(await issueLinks(tx, [userId], terms));
}

/** Does the same as `issueLink` for several accounts. @returns their links, in the order of the accounts */
export async function issueLinks(
  tx: Db,
  userIds: readonly string[],
  { purpose, lifetimeMs, isAnonymous = false, now }: LinkTerms,
): Promise<IssuedLink[]> {
  await closeLinks(tx, { userIds, purpose, isAnonymous }, now);
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  const terms = { purpose, isAnonymous, createdAt: now, expiresAt };
  const made = userIds.map((userId) => ({ userId, ...newSecret(SECRET_LENGTH) }));
  const ids = await insertLinks(
    tx,
    made.map(({ userId, digest }) => ({ userId, digest, ...terms })),
  );
  return made.map(({ secret, digest }) => {
    const url = new URL(linkPages[purpose], env().BASE_URL);
    url.searchParams.set("token", secret);
    return { id: ids.get(digest) ?? "", secret, url: url.href, expiresAt };
  });
}

/**
 * Supersedes the open links of accounts, or only those of one purpose, and withdraws queued mails that carry them. Locks
 * the accounts' rows until the end of the transaction.
 * @param which.isAnonymous only those that were requested anonymously
 * @param options `why`: what the list of mails says of these; `usedId`: a link that has just been used, whose mail is
 *   withdrawn too
 */
export async function closeLinks(
  tx: Db,
  which: { userIds: readonly string[]; purpose?: LinkPurpose; isAnonymous?: boolean },
  now: Date,
  { why, usedId }: { why?: WithdrawalReason; usedId?: string } = {},
): Promise<void> {
  await lockUserRows(tx, which.userIds);
  const closed = await supersedeLinks(tx, which, now);
  if (usedId) closed.push(usedId);
  if (closed.length > 0) await withdrawMails(tx, closed, why);
}

/** Returns those of the accounts to which a link that is still open was mailed within the last `LINK_MAIL_INTERVAL_MS`. */
export async function findJustMailed(tx: Db, userIds: readonly string[], now: Date): Promise<Set<string>> {
  const since = new Date(now.getTime() - LINK_MAIL_INTERVAL_MS);
  // A link that is later than the servers' clock skew allows is from before a clock was set back.
  const until = new Date(now.getTime() + MAX_CLOCK_SKEW_MS);
  const open = await findOpenLinks(tx, userIds, { since, until });
  const linkIds = open.map(({ id }) => id);
  const mailed = new Set(linkIds.length > 0 ? await findMailedLinks(tx, linkIds) : []);
  return new Set(open.filter(({ id }) => mailed.has(id)).map(({ userId }) => userId));
}

/** Returns the state in which an account's links of a purpose work. */
export function requiredState(purpose: LinkPurpose): AccountState {
  return purpose === "ACTIVATION" ? "INVITED" : "ACTIVE";
}

/**
 * Finds the account of a link that works now; null when the link is used, expired, superseded or of another purpose, or
 * when the account is not in the state that the purpose requires. Does not use the link up, because mail scanners open
 * links too.
 */
export async function findWorkingLink(
  db: Db,
  purpose: LinkPurpose,
  secret: string,
  now: Date,
): Promise<{ id: string; user: User } | null> {
  const link = await findUsableLink(db, digestOf(secret), purpose, now);
  return link?.user.state === requiredState(purpose) ? link : null;
}

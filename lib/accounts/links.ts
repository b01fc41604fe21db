import "server-only";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { linkDigest, newLinkSecret } from "@/lib/core/secrets";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findUsableLink, replaceLink, type User } from "./store";

const paths: Record<LinkPurpose, string> = {
  ACTIVATION: "/activate",
  PASSWORD_RESET: "/reset-password",
  PASSWORD_EXPIRED: "/password-expired",
  UNLOCK: "/unlock",
};

/** A link as it is handed out, once: the database keeps only the digest of its secret. */
export type IssuedLink = { secret: string; url: string; expiresAt: Date };

/**
 * Makes a link for one purpose; the account's earlier ones of that purpose stop working. The address is built from
 * BASE_URL, never from what a request claims.
 */
export async function issueLink(
  tx: Db,
  input: { userId: string; purpose: LinkPurpose; lifetimeMs: number; now: Date },
): Promise<IssuedLink> {
  const { userId, purpose, lifetimeMs, now } = input;
  const { secret, digest } = newLinkSecret();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await replaceLink(tx, { userId, purpose, digest, createdAt: now, expiresAt });
  const url = new URL(paths[purpose], env().BASE_URL);
  url.searchParams.set("token", secret);
  return { secret, url: url.href, expiresAt };
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
  const link = await findUsableLink(db, linkDigest(secret), purpose, now);
  return link?.user.state === (purpose === "ACTIVATION" ? "INVITED" : "ACTIVE") ? link : null;
}

import "server-only";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { newLinkSecret } from "@/lib/core/secrets";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { replaceLink } from "./store";

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

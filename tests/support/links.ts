import { type IssuedLink, issueLink } from "@/lib/accounts/links";
import { db } from "@/lib/core/db";
import type { LinkPurpose } from "@/prisma/generated/enums";

const HOUR_MS = 3_600_000;

/** A link for an account, good for an hour, as a verb makes it. */
export function makeLink(userId: string, purpose: LinkPurpose, now = new Date()): Promise<IssuedLink> {
  return db().$transaction((tx) => issueLink(tx, { userId, purpose, lifetimeMs: HOUR_MS, now }));
}

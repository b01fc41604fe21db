import { type IssuedLink, issueLink } from "@/lib/accounts/links";
import { db } from "@/lib/core/db";
import type { LinkPurpose } from "@/prisma/generated/enums";

const HOUR_MS = 3_600_000;

/** Issues a link for an account, valid for an hour, as the verbs do. */
export function makeLink(userId: string, purpose: LinkPurpose, now = new Date()): Promise<IssuedLink> {
  return db().$transaction((tx) => issueLink(tx, { userId, purpose, lifetimeMs: HOUR_MS, now }));
}

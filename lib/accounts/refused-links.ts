import "server-only";
import type { LinkRefusal } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { countAttempt, refusalsOfLink, refusalsOfLinks } from "@/lib/core/throttle";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findLink, type LinkRow } from "./store";

/** More links than one account has at a time, and too few to fill the audit with those that it has had. */
const TOLD_PER_ACCOUNT_AND_MINUTE = 10;

/**
 * Tells the audit that somebody has submitted a link that works no more: whose it was and what had ended it, once in a
 * minute for each link, and no more often than `TOLD_PER_ACCOUNT_AND_MINUTE` for all of an account's. Of a secret that was
 * never handed out nothing is told, or anybody could fill the audit.
 */
export async function auditRefusedLink(
  actor: Actor,
  { purpose, secret }: { purpose: LinkPurpose; secret: string },
  now: Date,
): Promise<void> {
  const link = await findLink(db(), digestOf(secret), purpose);
  if (!link) return;
  const throttle = await countAttempt(
    { key: refusalsOfLink(link.id), perMinute: 1 },
    { key: refusalsOfLinks(link.user.id), perMinute: TOLD_PER_ACCOUNT_AND_MINUTE },
  );
  if (!throttle.allowed) return;
  const details = { purpose, reason: refusalOf(link, now) };
  await audit(db(), actor, [{ kind: "link-refused", subject: link.user, details }], now);
}

function refusalOf({ usedAt, supersededAt, expiresAt }: LinkRow, now: Date): LinkRefusal {
  if (usedAt) return "used";
  if (supersededAt) return "superseded";
  return expiresAt <= now ? "expired" : "account-changed";
}

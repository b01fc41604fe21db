import "server-only";
import type { LinkRefusal } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { countAttempt, refusalsOfLink } from "@/lib/core/throttle";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findLink, type LinkRow } from "./store";

/**
 * Tells the audit that somebody has submitted a link that works no more: whose it was and what had ended it, once in a
 * minute for each link. Of a secret that was never handed out nothing is told, or anybody could fill the audit.
 */
export async function auditRefusedLink(
  actor: Actor,
  { purpose, secret }: { purpose: LinkPurpose; secret: string },
  now: Date,
): Promise<void> {
  const link = await findLink(db(), digestOf(secret), purpose);
  if (!link) return;
  const throttle = await countAttempt({ key: refusalsOfLink(link.id), perMinute: 1 });
  if (!throttle.allowed) return;
  const details = { purpose, reason: refusalOf(link, now) };
  await audit(db(), actor, [{ kind: "link-refused", subject: link.user, details }], now);
}

function refusalOf({ usedAt, supersededAt, expiresAt }: LinkRow, now: Date): LinkRefusal {
  if (usedAt) return "used";
  if (supersededAt) return "superseded";
  return expiresAt <= now ? "expired" : "account-changed";
}

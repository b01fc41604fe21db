import "server-only";
import type { LinkRefusal } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { countAttempt, refusalsOfLink, refusalsOfLinks } from "@/lib/core/throttle";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findLink, type LinkRow } from "./links/store";

/** More than the links that one account has at a time, and too few to flood the audit log with its old links. */
const AUDITED_PER_ACCOUNT_AND_MINUTE = 10;

/**
 * Audits the submission of a link that no longer works: its owner and why it ended. Writes at most one event a minute
 * for each link and `AUDITED_PER_ACCOUNT_AND_MINUTE` for all links of an account. A secret that was never issued is not
 * audited: otherwise anybody could flood the audit log.
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
    { key: refusalsOfLinks(link.user.id), perMinute: AUDITED_PER_ACCOUNT_AND_MINUTE },
  );
  if (!throttle.allowed) return;
  const details = { purpose, reason: refusalOf(link, now) };
  await audit(driver(), actor, [{ kind: "link-refused", subject: link.user, details }], now);
}

function refusalOf({ usedAt, supersededAt, expiresAt }: LinkRow, now: Date): LinkRefusal {
  if (usedAt) return "used";
  if (supersededAt) return "superseded";
  return expiresAt <= now ? "expired" : "account-changed";
}

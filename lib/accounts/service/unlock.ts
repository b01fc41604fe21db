import "server-only";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { findWorkingLink } from "../links";
import { consumeLink } from "../links/store";
import { auditRefusedLink } from "../refused-links";
import { liftLock, lockUserRow } from "../store";

export type UnlockResult = Success | Failure<"link-unusable">;

/** Unlocks the account of an unlock link that was mailed to its owner, and uses the link up. */
export async function unlockByLink(actor: Actor, secret: string, now = new Date()): Promise<UnlockResult> {
  const result = await followLink(actor, secret, now);
  if (!result.ok) await auditRefusedLink(actor, { purpose: "UNLOCK", secret }, now);
  return result;
}

async function followLink(actor: Actor, secret: string, now: Date): Promise<UnlockResult> {
  const link = await findWorkingLink(db(), "UNLOCK", secret, now);
  if (!link) return { ok: false, code: "link-unusable" };
  return db().$transaction(async (tx) => {
    await lockUserRow(tx, link.user.id);
    if (!(await consumeLink(tx, link.id, now))) return { ok: false, code: "link-unusable" } as const;
    // The lock may be lifted already, because its time was over or the password was reset. Then nothing is audited.
    const by = await liftLock(tx, link.user.id, { by: "owner", now });
    if (by) await audit(tx, actor, [{ kind: "account-unlocked", subject: link.user, details: { by } }], now);
    return { ok: true } as const;
  });
}

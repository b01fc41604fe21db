import "server-only";
import { type Db, db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { expiryInForce } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanel } from "@/lib/settings/store";
import { fullName } from "../rules";
import { daysUntil, type NoticeBand, noticeBands } from "./rules";
import { noteExpiryNotices } from "./store";

const DAY_MS = 86_400_000;
/** How many people are told in one transaction. */
const BATCH = 100;

/**
 * Tells those whose password expires soon, 14, 7 and 1 days before. What Gatehouse does by itself; any number of
 * processes may do it at once, and as often as they like: nobody is told twice.
 * @param stopped ends it between two batches
 * @returns how many were told
 */
export async function tellOfExpiry(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { password } = await settingsInForce();
  let told = 0;
  for (const band of noticeBands(password.values.passwordExpirationPeriodDays, now)) {
    for (let last = BATCH; last === BATCH && !stopped?.aborted; told += last)
      last = await db().$transaction((tx) => tellBatch(tx, password, band, now));
  }
  return told;
}

async function tellBatch(
  tx: Db,
  policy: StoredPanel<"password">,
  band: NoticeBand,
  now: Date,
): Promise<number> {
  const { values, facts, savedAt } = policy;
  const periodMs = values.passwordExpirationPeriodDays * DAY_MS;
  const switchedOnAt = facts.expirySwitchedOnAt ? new Date(facts.expirySwitchedOnAt) : savedAt;
  const accounts = await noteExpiryNotices(tx, band, { periodMs, switchedOnAt }, { limit: BATCH, now });
  for (const account of accounts) {
    const expiresAt = expiryInForce(policy, account.passwordSetAt);
    if (!expiresAt) continue;
    const values = {
      name: fullName(account),
      expiresAt: expiresAt.toISOString(),
      daysLeft: daysUntil(expiresAt, now),
    };
    const to = { recipient: account.email, userId: account.id };
    await enqueueMail(tx, { kind: "password-expires-soon", ...to, values }, now);
  }
  return accounts.length;
}

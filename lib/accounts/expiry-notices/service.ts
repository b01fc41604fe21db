import "server-only";
import { inKeysetBatches } from "@/lib/core/batches";
import { type Db, db } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { enqueueMail } from "@/lib/mail/outbox";
import { expiryInForce, expirySwitchedOnAt } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanel } from "@/lib/settings/store";
import { daysUntil, type NoticeBand, noticeBands } from "./rules";
import { noteExpiryNotices, type Place } from "./store";

/** How many accounts one transaction examines and notifies at most. */
const BATCH_SIZE = 100;

/**
 * Mails the owners whose passwords expire within 14, 7 or 1 days. Runs as a background job. Any number of processes may
 * call it at the same time and repeatedly: no owner gets the same notice twice.
 * @param stopped stops the run between two batches
 * @returns how many owners were notified
 */
export async function tellOfExpiry(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { password } = await settingsInForce();
  let told = 0;
  for (const band of noticeBands(password.values.passwordExpirationPeriodDays, now)) {
    const tell = (after: Place | null) =>
      db().$transaction((tx) => tellSome(tx, password, band, { after, limit: BATCH_SIZE, now }));
    told += await inKeysetBatches(tell, stopped);
  }
  return told;
}

async function tellSome(
  tx: Db,
  policy: StoredPanel<"password">,
  band: NoticeBand,
  next: { after: Place | null; limit: number; now: Date },
): Promise<{ done: number; end: Place | null }> {
  const { now } = next;
  const periodMs = policy.values.passwordExpirationPeriodDays * DAY_MS;
  const period = { periodMs, switchedOnAt: expirySwitchedOnAt(policy) };
  const { told, end } = await noteExpiryNotices(tx, band, period, next);
  for (const account of told) {
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
  return { done: told.length, end };
}

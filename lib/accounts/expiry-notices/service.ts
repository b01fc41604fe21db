import "server-only";
import { inBatches, inKeysetBatches } from "@/lib/core/batches";
import { type Db, db } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { fullName } from "@/lib/core/full-name";
import { enqueueMails } from "@/lib/mail/outbox";
import type { Mail } from "@/lib/mail/schema";
import { withdrawSomeExpiryNotices } from "@/lib/mail/store";
import { expiryInForce, expirySwitchedOnAt } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanel } from "@/lib/settings/store";
import { daysUntil, type NoticeWindow, noticeWindows } from "./rules";
import { type NoticeCursor, noteExpiryNotices } from "./store";

/** How many accounts one transaction examines and notifies at most. */
const BATCH_SIZE = 100;

/** How many notices one statement withdraws at most. */
const WITHDRAWN_AT_ONCE = 5_000;

/**
 * Mails the owners whose passwords expire within 14, 7 or 1 days, and withdraws the notices of an expiry that was switched
 * off. Runs as a background job. Any number of processes may call it at the same time and repeatedly: no owner gets the
 * same notice twice.
 * @param stopped stops the run between two batches
 * @returns how many owners were notified
 */
export async function sendExpiryNotices(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { password } = await settingsInForce();
  await withdrawNoticesOfEarlierExpiry(password, now, stopped);
  let notified = 0;
  for (const window of noticeWindows(password.values.passwordExpirationPeriodDays, now)) {
    const send = (after: NoticeCursor | null) =>
      db().$transaction((tx) => sendBatch(tx, password, window, { after, limit: BATCH_SIZE, now }));
    notified += await inKeysetBatches(send, stopped);
  }
  return notified;
}

/**
 * Withdraws the notices that still wait although expiry is off, or was switched off and on again since. Withdraws none
 * while the stored policy is damaged, because the rule is not known.
 */
async function withdrawNoticesOfEarlierExpiry(
  policy: StoredPanel<"password">,
  now: Date,
  stopped?: AbortSignal,
): Promise<void> {
  if (policy.damaged.length > 0) return;
  const until = policy.values.passwordExpirationPeriodDays === 0 ? now : expirySwitchedOnAt(policy);
  if (!until) return;
  await inBatches(WITHDRAWN_AT_ONCE, (limit) => withdrawSomeExpiryNotices(db(), until, limit), stopped);
}

async function sendBatch(
  tx: Db,
  policy: StoredPanel<"password">,
  window: NoticeWindow,
  next: { after: NoticeCursor | null; limit: number; now: Date },
): Promise<{ done: number; end: NoticeCursor | null }> {
  const { now } = next;
  const periodMs = policy.values.passwordExpirationPeriodDays * DAY_MS;
  const period = { periodMs, switchedOnAt: expirySwitchedOnAt(policy) };
  const { notified, end } = await noteExpiryNotices(tx, window, period, next);
  const mails = notified.flatMap((account): Mail[] => {
    const expiresAt = expiryInForce(policy, account.passwordSetAt);
    if (!expiresAt) return [];
    const values = {
      name: fullName(account),
      expiresAt: expiresAt.toISOString(),
      daysLeft: daysUntil(expiresAt, now),
    };
    const to = { recipient: account.email, userId: account.id };
    // Until the next notice is due. Without a mail server, all of them would wait, and arrive together.
    const usefulUntil = new Date(expiresAt.getTime() - (window.after.getTime() - now.getTime()));
    return [{ kind: "password-expires-soon", ...to, values, usefulUntil }];
  });
  await enqueueMails(tx, mails, now);
  return { done: notified.length, end };
}

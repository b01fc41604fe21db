import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { DAY_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { inPortions } from "@/lib/core/portions";
import { forgetContent } from "./store";

const LOOK_MS = 10 * MINUTE_MS;
/** For how long a mail that failed can be sent again. */
export const FAILED_CONTENT_KEPT_MS = 30 * DAY_MS;
/** How many are forgotten in one statement: without a mail server, all notices of one day's end are over at once. */
export const CONTENT_PORTION = 5_000;

/**
 * Forgets what mails said that are of no more use, so that neither the outbox nor a copy of the database holds links
 * for longer than they work. That there was a mail, to whom and what became of it, stays.
 * @param stopped ends it between two portions
 * @returns how many were forgotten
 */
export async function forgetOldContent(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const failedBefore = new Date(now.getTime() - FAILED_CONTENT_KEPT_MS);
  const forget = (limit: number) => forgetContent(db(), { now, failedBefore, limit });
  return inPortions(CONTENT_PORTION, forget, stopped);
}

/** Begins to forget, in this process, until it stops. */
export function startMailRetention(): void {
  repeatInBackground("mail-retention", async (stopped) => {
    await forgetOldContent(new Date(), stopped);
    return LOOK_MS;
  });
}

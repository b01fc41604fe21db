import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { DAY_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { forgetContent } from "./store";

/** How long the content of a failed mail is kept, counted from its last attempt, so that it can be sent again. */
const FAILED_CONTENT_KEPT_MS = 30 * DAY_MS;
/** How many contents one statement deletes. Without a mail server, a whole day's notices expire at once. */
export const CONTENT_BATCH_SIZE = 5_000;

/**
 * Deletes the content of mails that are no longer useful, so that neither the outbox nor a copy of the database keeps
 * it for longer than it takes to send it or to send it again. The row stays, with the recipient and the outcome.
 * @param stopped ends the job between two batches
 * @returns how many contents were deleted
 */
export async function forgetOldContent(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const failedBefore = new Date(now.getTime() - FAILED_CONTENT_KEPT_MS);
  const forget = (limit: number) => forgetContent(db(), { now, failedBefore, limit });
  return inBatches(CONTENT_BATCH_SIZE, forget, stopped);
}

/** Starts the background job that deletes old content. */
export const startMailRetention = () => repeatEvery("mail-retention", 10 * MINUTE_MS, forgetOldContent);

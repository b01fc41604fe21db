import "server-only";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { makeMessagesDue } from "./store";

/** How many mails one statement makes due: as many as take about half a second. */
export const RETRY_BATCH_SIZE = 5_000;

/**
 * Makes every mail due at once that waits for its next attempt, because the mail server has changed. The job need not
 * complete: if the process is killed, the remaining mails wait for their own back-off, 15 minutes at most.
 * @returns how many mails were made due
 */
export async function makeWaitingMailsDue(now: Date): Promise<number> {
  return inBatches(RETRY_BATCH_SIZE, (limit) => makeMessagesDue(db(), limit, now));
}

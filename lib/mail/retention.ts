import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { DAY_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { forgetContent } from "./store";

const LOOK_MS = 10 * MINUTE_MS;
/** For how long a mail that failed can be sent again. */
export const FAILED_CONTENT_KEPT_MS = 30 * DAY_MS;

/**
 * Forgets what mails said that are of no more use, so that neither the outbox nor a copy of the database holds links
 * for longer than they work. That there was a mail, to whom and what became of it, stays.
 * @returns how many were forgotten
 */
export async function forgetOldContent(now = new Date()): Promise<number> {
  return forgetContent(db(), { now, failedBefore: new Date(now.getTime() - FAILED_CONTENT_KEPT_MS) });
}

/** Begins to forget, in this process, until it stops. */
export function startMailRetention(): void {
  repeatInBackground("mail-retention", async () => {
    await forgetOldContent();
    return LOOK_MS;
  });
}

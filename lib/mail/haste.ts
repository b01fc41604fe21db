import "server-only";
import { db } from "@/lib/core/db";
import { inPortions } from "@/lib/core/portions";
import { hastenSomeMessages } from "./store";

/** How many are hastened in one statement: as many as take about half a second. */
export const HASTE_PORTION = 5_000;

/**
 * Has everything tried at once that waits for its next attempt: the server is another one now. Nothing hangs on its being
 * done to the end. What a process that is killed meanwhile leaves, waits for its own time, a quarter of an hour at most.
 * @returns how many were hastened
 */
export async function hastenWaitingMails(now: Date): Promise<number> {
  return inPortions(HASTE_PORTION, (limit) => hastenSomeMessages(db(), limit, now));
}

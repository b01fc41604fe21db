import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import { inPortions } from "@/lib/core/portions";
import { deleteOldSessions } from "./store";

/** For how long it can be looked up what a session was that is over. */
export const ENDED_SESSIONS_KEPT_MS = 30 * DAY_MS;
const PORTION = 5_000;

/**
 * Removes sessions that have long been over, so that what was a login once does not stand in the way of what is one. That
 * they were there, and how they ended, is the audit's to tell; a token of theirs is refused as before.
 * @returns how many were removed
 */
export async function forgetOldSessions(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - ENDED_SESSIONS_KEPT_MS);
  return inPortions(PORTION, (limit) => deleteOldSessions(db(), before, limit), stopped);
}

/** Begins to remove them, in this process, until it stops. */
export function startSessionRetention(): void {
  repeatInBackground("session-retention", async (stopped) => {
    await forgetOldSessions(new Date(), stopped);
    return HOUR_MS;
  });
}

import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { deleteOldSessions } from "./store";

const LOOK_MS = 60 * 60_000;
/** For how long it can be looked up what a session was that is over. */
export const ENDED_SESSIONS_KEPT_MS = 30 * 86_400_000;
const PORTION = 5_000;

/**
 * Removes sessions that have long been over, so that what was a login once does not stand in the way of what is one. That
 * they were there, and how they ended, is the audit's to tell; a token of theirs is refused as before.
 * @returns how many were removed
 */
export async function forgetOldSessions(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - ENDED_SESSIONS_KEPT_MS);
  for (let removed = 0; ; ) {
    const portion = await deleteOldSessions(db(), before, PORTION);
    removed += portion;
    if (portion < PORTION || stopped?.aborted) return removed;
  }
}

/** Begins to remove them, in this process, until it stops. */
export function startSessionRetention(): void {
  repeatInBackground("session-retention", async (stopped) => {
    await forgetOldSessions(new Date(), stopped);
    return LOOK_MS;
  });
}

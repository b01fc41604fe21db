import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inKeysetBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import { deleteSomeOldSessions, type SessionCursor } from "./store";

/** How long the row of an ended session is kept, in milliseconds. */
export const ENDED_SESSIONS_KEPT_MS = 30 * DAY_MS;
/** How many sessions one statement examines at most. */
const BATCH_SIZE = 5_000;

/**
 * Deletes sessions that ended or expired more than `ENDED_SESSIONS_KEPT_MS` ago, so that they do not slow down queries
 * for live ones. The audit log still records that they existed and how they ended, and their tokens stay refused.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetOldSessions(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - ENDED_SESSIONS_KEPT_MS);
  return inKeysetBatches<SessionCursor>(
    (after) => deleteSomeOldSessions(db(), before, { after, limit: BATCH_SIZE }),
    stopped,
  );
}

/** Starts the background job that deletes old sessions. */
export const startSessionRetention = () => repeatEvery("session-retention", HOUR_MS, forgetOldSessions);

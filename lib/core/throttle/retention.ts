import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { HOUR_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { deleteEndedCounters } from "./store";

/** How long a counter is kept after its window, in milliseconds: the servers' clocks may differ. */
const KEPT_MS = HOUR_MS;
/** How many counters one statement deletes at most. */
const BATCH_SIZE = 5_000;

/**
 * Deletes the counters of the limits whose window ended more than an hour ago. An attacker with many network addresses
 * causes one for each: within an hour more than the limiter's own clean-up, a single statement, has time to delete.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetEndedCounters(
  now = new Date(),
  stopped?: AbortSignal,
  batchSize = BATCH_SIZE,
): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  return inBatches(batchSize, (limit) => deleteEndedCounters(db(), before, limit), stopped);
}

/** Starts the background job that deletes old counters. */
export const startCounterRetention = () =>
  repeatEvery("counter-retention", 5 * MINUTE_MS, forgetEndedCounters);

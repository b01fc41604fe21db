import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { HOUR_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { deleteExpiredGrants } from "./links/store";

const POLL_INTERVAL_MS = 10 * MINUTE_MS;
/** How long an expired grant is kept, so that a late attempt can still be audited with its reason. */
const KEPT_MS = HOUR_MS;
/** How many grants one statement deletes at most. */
const BATCH_SIZE = 5_000;

/**
 * Deletes the grants to replace an expired password that expired more than an hour ago, used or not. A program that goes
 * on logging in with an expired password is given one each time: within weeks so many that its account's logins would be
 * slow, and its deletion impossible.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetExpiredGrants(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  return inBatches(BATCH_SIZE, (limit) => deleteExpiredGrants(db(), before, limit), stopped);
}

/** Starts the background job that deletes expired grants. It runs until this process stops. */
export function startGrantRetention(): void {
  repeatInBackground("grant-retention", async (stopped) => {
    await forgetExpiredGrants(new Date(), stopped);
    return POLL_INTERVAL_MS;
  });
}

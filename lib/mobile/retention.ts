import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import { deleteExpiredSecrets } from "./store";

/** How long an expired secret's row is kept, so that a phone's late attempt can still be audited with its reason. */
const KEPT_MS = DAY_MS;
/** How many secrets one statement deletes at most. Each account can have one. */
const BATCH_SIZE = 5_000;

/**
 * Deletes the secrets that expired more than a day ago.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetMobileSecrets(
  now = new Date(),
  stopped?: AbortSignal,
  batchSize = BATCH_SIZE,
): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  return inBatches(batchSize, (limit) => deleteExpiredSecrets(db(), before, limit), stopped);
}

/** Starts the background job that deletes old secrets. */
export const startMobileRetention = () => repeatEvery("mobile-retention", HOUR_MS, forgetMobileSecrets);

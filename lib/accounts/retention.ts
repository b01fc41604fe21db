import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { HOUR_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { deleteExpiredLinks } from "./links/store";

/** How long an expired link is kept, so that a late attempt can still be audited with its reason. */
const KEPT_MS = HOUR_MS;
/** How many links one statement deletes at most. */
const BATCH_SIZE = 5_000;

/**
 * Deletes the grants to replace an expired password, and the links that unlock an account, that expired more than an hour
 * ago, used or not. A program that goes on logging in with an expired password is given one each time, and an attacker
 * who goes on locking an account causes one each time: in the end so many that its logins would be slow, and its deletion
 * impossible.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetExpiredLinks(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  return inBatches(BATCH_SIZE, (limit) => deleteExpiredLinks(db(), before, limit), stopped);
}

/** Starts the background job that deletes them. */
export const startLinkRetention = () => repeatEvery("link-retention", 10 * MINUTE_MS, forgetExpiredLinks);

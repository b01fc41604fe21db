import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { inBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { settingsInForce } from "@/lib/settings/service";
import { reuseHorizon } from "./rules";
import { deleteReplacedPasswords } from "./store";

/** How many hashes one statement deletes at most. */
const BATCH_SIZE = 5_000;

/**
 * Deletes the replaced passwords of all accounts that the reuse rule in force no longer needs, including accounts that
 * never change their password again. Deletes nothing while the stored policy is damaged, because the rule is not known.
 * @param stopped stops the run between two batches
 * @returns how many were deleted
 */
export async function forgetReplacedPasswords(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { values, damaged } = (await settingsInForce()).password;
  if (damaged.length > 0) return 0;
  const horizon = reuseHorizon(values, now);
  return inBatches(BATCH_SIZE, (limit) => deleteReplacedPasswords(db(), horizon, limit), stopped);
}

/** Starts the background job that deletes replaced passwords. */
export const startPasswordRetention = () =>
  repeatEvery("password-retention", HOUR_MS, forgetReplacedPasswords);

import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { settingsInForce } from "@/lib/settings/service";
import { reuseHorizon } from "./rules";
import { deleteReplacedPasswords } from "./store";

const LOOK_MS = 3_600_000;
/** How many hashes are forgotten in one statement. */
const BATCH = 5_000;

/**
 * Forgets the replaced passwords that the reuse rule in force needs no more, of everybody: also of those who never
 * choose another one. While the stored policy is damaged nothing is forgotten, because its rule is not known.
 * @param stopped ends it between two batches
 * @returns how many were forgotten
 */
export async function forgetReplacedPasswords(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { values, damaged } = (await settingsInForce()).password;
  if (damaged.length > 0) return 0;
  const horizon = reuseHorizon(values, now);
  let forgotten = 0;
  for (let last = BATCH; last === BATCH && !stopped?.aborted; forgotten += last)
    last = await deleteReplacedPasswords(db(), horizon, BATCH);
  return forgotten;
}

/** Begins to forget, in this process, until it stops. */
export function startPasswordRetention(): void {
  repeatInBackground("password-retention", async (stopped) => {
    await forgetReplacedPasswords(new Date(), stopped);
    return LOOK_MS;
  });
}

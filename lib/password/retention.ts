import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { inPortions } from "@/lib/core/portions";
import { settingsInForce } from "@/lib/settings/service";
import { reuseHorizon } from "./rules";
import { deleteReplacedPasswords } from "./store";

/** How many hashes are forgotten in one statement. */
const PORTION = 5_000;

/**
 * Forgets the replaced passwords that the reuse rule in force needs no more, of everybody: also of those who never
 * choose another one. While the stored policy is damaged nothing is forgotten, because its rule is not known.
 * @param stopped ends it between two portions
 * @returns how many were forgotten
 */
export async function forgetReplacedPasswords(now = new Date(), stopped?: AbortSignal): Promise<number> {
  const { values, damaged } = (await settingsInForce()).password;
  if (damaged.length > 0) return 0;
  const horizon = reuseHorizon(values, now);
  return inPortions(PORTION, (limit) => deleteReplacedPasswords(db(), horizon, limit), stopped);
}

/** Begins to forget, in this process, until it stops. */
export function startPasswordRetention(): void {
  repeatInBackground("password-retention", async (stopped) => {
    await forgetReplacedPasswords(new Date(), stopped);
    return HOUR_MS;
  });
}

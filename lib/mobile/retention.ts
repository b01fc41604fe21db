import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import { deleteSecrets } from "./store";

/** For how long it is remembered that there was a secret: as long as a phone may try again, and somebody ask why. */
const KEPT_MS = DAY_MS;

/** Forgets the secrets that ended a day ago. @returns how many */
export async function forgetMobileSecrets(now = new Date()): Promise<number> {
  return deleteSecrets(db(), new Date(now.getTime() - KEPT_MS));
}

/** Begins to forget secrets that have long ended, in this process, until it stops. */
export function startMobileRetention(): void {
  repeatInBackground("mobile-retention", async () => {
    await forgetMobileSecrets();
    return HOUR_MS;
  });
}

import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import { deleteSecrets } from "./store";

/** How long an expired secret's row is kept, so that a phone's late attempt can still be audited with its reason. */
const KEPT_MS = DAY_MS;

/** Deletes the secrets that expired more than a day ago. @returns how many */
export async function forgetMobileSecrets(now = new Date()): Promise<number> {
  return deleteSecrets(db(), new Date(now.getTime() - KEPT_MS));
}

/** Starts the background job that deletes old secrets. It runs until this process stops. */
export function startMobileRetention(): void {
  repeatInBackground("mobile-retention", async () => {
    await forgetMobileSecrets();
    return HOUR_MS;
  });
}

import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { sendExpiryNotices } from "./service";

/** How often to look, in milliseconds. Once a day would send the notice "one day before" up to a day late. */
const POLL_INTERVAL_MS = HOUR_MS;

/** Starts the background job that sends expiry notices. It runs until this process stops. */
export function startExpiryNotices(): void {
  repeatInBackground("expiry-notices", async (stopped) => {
    await sendExpiryNotices(new Date(), stopped);
    return POLL_INTERVAL_MS;
  });
}

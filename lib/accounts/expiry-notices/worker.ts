import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { tellOfExpiry } from "./service";

/** Every hour rather than once a day: so a notice "one day before" is that, and not up to a day late. */
const LOOK_MS = HOUR_MS;

/** Begins to tell people whose password expires soon, in this process, until it stops. */
export function startExpiryNotices(): void {
  repeatInBackground("expiry-notices", async (stopped) => {
    await tellOfExpiry(new Date(), stopped);
    return LOOK_MS;
  });
}

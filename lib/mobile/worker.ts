import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { forgetMobileSecrets } from "./service";

/** Begins to forget secrets that have long ended, in this process, until it stops. */
export function startMobileRetention(): void {
  repeatInBackground("mobile-retention", async () => {
    await forgetMobileSecrets();
    return HOUR_MS;
  });
}

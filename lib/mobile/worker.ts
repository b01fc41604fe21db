import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { forgetMobileSecrets } from "./service";

const LOOK_MS = 60 * 60_000;

/** Begins to forget secrets that have long ended, in this process, until it stops. */
export function startMobileRetention(): void {
  repeatInBackground("mobile-retention", async () => {
    await forgetMobileSecrets();
    return LOOK_MS;
  });
}

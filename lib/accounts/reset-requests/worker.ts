import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { resolveResetRequests } from "./service";

/**
 * How often to look for requests. At fixed times, and not when one comes in: so that what an address leads to does not
 * coincide with the answer to whoever typed it.
 */
const LOOK_MS = 3_000;

/** Begins to work off requests for reset links, in this process, until it stops. */
export function startResetRequestWorker(): void {
  repeatInBackground("reset-requests", async (stopped) => {
    await resolveResetRequests(new Date(), stopped);
    return LOOK_MS;
  });
}

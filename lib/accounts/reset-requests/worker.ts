import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { resolveResetRequests } from "./service";

/**
 * How often to look for requests, in milliseconds. A timer starts the work, not an incoming request, so that its load
 * does not coincide with the answer to the requester and reveal whether the address is known.
 */
const POLL_INTERVAL_MS = 3_000;

/** Starts the background job that processes requests for reset links. It runs until this process stops. */
export function startResetRequestWorker(): void {
  repeatInBackground("reset-requests", async (stopped) => {
    await resolveResetRequests(new Date(), stopped);
    return POLL_INTERVAL_MS;
  });
}

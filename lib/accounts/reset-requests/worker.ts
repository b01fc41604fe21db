import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { resolveResetRequests } from "./service";

/**
 * How often to look for requests, in milliseconds. A timer starts the work, not an incoming request, so that its load
 * does not coincide with the answer to the requester and reveal whether the address is known.
 */
const POLL_INTERVAL_MS = 3_000;

/**
 * How old a request must be, in milliseconds: older than its answer takes. A run that lasts would otherwise process
 * requests as they arrive, with more work for a known address while its answer is still on the way.
 */
const SETTLED_AFTER_MS = 1_000;

/** Starts the background job that processes requests for reset links. */
export const startResetRequestWorker = () =>
  repeatEvery("reset-requests", POLL_INTERVAL_MS, (now, stopped) =>
    resolveResetRequests(now, { until: new Date(now.getTime() - SETTLED_AFTER_MS), stopped }),
  );

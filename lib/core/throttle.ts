import "server-only";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { pool } from "./db";
import { networkOf } from "./network";

/** What is counted, each by itself: logins with everything else that tests a password, and requests for a reset link. */
export type ThrottledUse = "login" | "reset";

const WINDOW_SECONDS = 60;
/** A window that ends later than this was begun by a clock that has been set back since; servers' clocks differ by less. */
const MAX_REST_MS = 2 * WINDOW_SECONDS * 1000;

// The limit is compared here and not in the limiter, because it may be a setting that changes between two requests.
const UNLIMITED = 2_147_483_647;

const limiters = new Map<ThrottledUse, RateLimiterPostgres>();

function counter(use: ThrottledUse): RateLimiterPostgres {
  const limiter =
    limiters.get(use) ??
    new RateLimiterPostgres({
      storeClient: pool(),
      tableName: "rate_limits",
      tableCreated: true,
      keyPrefix: use,
      points: UNLIMITED,
      duration: WINDOW_SECONDS,
    });
  limiters.set(use, limiter);
  return limiter;
}

export type Throttle =
  | { allowed: true }
  | { allowed: false; retryAfterSeconds: number; isFirstRefusal: boolean };

/**
 * Counts an attempt from a network address, in windows of a minute that all processes share.
 * @param perMinute how many are allowed; null or 0 for no limit
 */
export async function countAttempt(
  use: ThrottledUse,
  address: string,
  perMinute: number | null,
): Promise<Throttle> {
  if (!perMinute) return { allowed: true };
  const network = networkOf(address);
  const { consumedPoints, msBeforeNext } = await counter(use).consume(network);
  if (msBeforeNext > MAX_REST_MS) {
    await counter(use).set(network, 1, WINDOW_SECONDS);
    return { allowed: true };
  }
  if (consumedPoints <= perMinute) return { allowed: true };
  return {
    allowed: false,
    retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    isFirstRefusal: consumedPoints === perMinute + 1,
  };
}

import "server-only";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { pool } from "@/lib/core/db";
import { networkOf } from "./rules";

const WINDOW_SECONDS = 60;

// The limit is compared here and not in the limiter, because it is a setting and may change between two requests.
const UNLIMITED = 2_147_483_647;

let limiter: RateLimiterPostgres | undefined;

function counter(): RateLimiterPostgres {
  limiter ??= new RateLimiterPostgres({
    storeClient: pool(),
    tableName: "rate_limits",
    tableCreated: true,
    keyPrefix: "login",
    points: UNLIMITED,
    duration: WINDOW_SECONDS,
  });
  return limiter;
}

export type Throttle =
  | { allowed: true }
  | { allowed: false; retryAfterSeconds: number; isFirstRefusal: boolean };

/**
 * Counts a login attempt from a network address, in windows of a minute that all processes share.
 * @param perMinute how many are allowed; null or 0 for no limit
 */
export async function countAttempt(address: string, perMinute: number | null): Promise<Throttle> {
  if (!perMinute) return { allowed: true };
  const { consumedPoints, msBeforeNext } = await counter().consume(networkOf(address));
  if (consumedPoints <= perMinute) return { allowed: true };
  return {
    allowed: false,
    retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    isFirstRefusal: consumedPoints === perMinute + 1,
  };
}

import "server-only";
import type { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { pool } from "./db";
import { networkOf } from "./network";

const WINDOW_SECONDS = 60;
/** A window that ends later than this was begun by a clock that has been set back since; servers' clocks differ by less. */
const MAX_REST_MS = 2 * WINDOW_SECONDS * 1000;

// The limit is compared here and not in the limiter, because it may be a setting that changes between two requests.
const UNLIMITED = 2_147_483_647;

/** By the pool it asks, because the database may be closed and opened again. */
const limiters = new WeakMap<Pool, RateLimiterPostgres>();

function counters(): RateLimiterPostgres {
  const storeClient = pool();
  const limiter =
    limiters.get(storeClient) ??
    new RateLimiterPostgres({
      storeClient,
      tableName: "rate_limits",
      tableCreated: true,
      keyPrefix: "",
      points: UNLIMITED,
      duration: WINDOW_SECONDS,
    });
  limiters.set(storeClient, limiter);
  return limiter;
}

/** What is counted, by a key of its own, and how often it may be in a minute; null or 0 for no limit. */
export type Counted<Key extends string = string> = { key: Key; perMinute: number | null };

/** Logins and everything else that tests a password, by network address. */
export const loginsFrom = (address: string) => `login:${networkOf(address)}`;
/** Requests for a reset link, by network address. */
export const resetsFrom = (address: string) => `reset:${networkOf(address)}`;
/** Exchanges of an app's secrets, by network address. */
export const exchangesFrom = (address: string) => `mobile:${networkOf(address)}`;
/** Requests for what is not theirs, by the person. */
export const refusalsOf = (userId: string) => `refused:${userId}`;
/** Submits of a link that works no more, and of any such link of one account. */
export const refusalsOfLink = (linkId: string) => `refused-link:${linkId}`;
export const refusalsOfLinks = (userId: string) => `refused-links:${userId}`;

export type Throttle<Key extends string = string> =
  | { allowed: true }
  | { allowed: false; by: Key; retryAfterSeconds: number; isFirstRefusal: boolean };

/**
 * Counts an attempt in windows of a minute that all processes share: by each key in turn, up to the first that has had
 * too many, so that what is refused there uses nobody else's limit up.
 */
export async function countAttempt<Key extends string>(...counted: Counted<Key>[]): Promise<Throttle<Key>> {
  for (const { key, perMinute } of counted) {
    if (!perMinute) continue;
    const { consumedPoints, msBeforeNext } = await counters().consume(key);
    if (msBeforeNext > MAX_REST_MS) {
      await counters().set(key, 1, WINDOW_SECONDS);
    } else if (consumedPoints > perMinute) {
      const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
      return { allowed: false, by: key, retryAfterSeconds, isFirstRefusal: consumedPoints === perMinute + 1 };
    }
  }
  return { allowed: true };
}

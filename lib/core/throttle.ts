import "server-only";
import type { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { pool } from "./db";
import { networkOf } from "./network";
import type { Failure } from "./result";
import { digestOf } from "./secrets";

const WINDOW_SECONDS = 60;
/**
 * The longest time that a window can have left, in milliseconds, allowing for the servers' clock skew. If a window has
 * more left, a clock has been set back since it began.
 */
const MAX_WINDOW_REMAINDER_MS = 2 * WINDOW_SECONDS * 1000;

// The limit is compared here and not in the limiter, because it may be a setting that changes between two requests.
const UNLIMITED = 2_147_483_647;

/** The limiter of each pool, because the database may be closed and opened again. */
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
      clearExpiredByTimeout: false, // lib/core/throttle/retention.ts deletes them, in batches
    });
  limiters.set(storeClient, limiter);
  return limiter;
}

/** A counter's key, and its limit per minute; null or 0 means no limit. */
type CounterLimit = { key: string; perMinute: number | null };

/** The key of logins and all other password checks, by network address. */
export const loginsFrom = (address: string) => `login:${networkOf(address)}`;
/**
 * The key of the same, by the typed e-mail address, whether or not an account has it. A digest, because any text can be
 * typed.
 */
export const loginsTo = (emailKey: string) => `account:${digestOf(emailKey)}`;
/** The key of requests for a reset link, by network address. */
export const resetsFrom = (address: string) => `reset:${networkOf(address)}`;
/** The key of exchanges of a mobile app's secret, by network address. */
export const exchangesFrom = (address: string) => `mobile:${networkOf(address)}`;
/** The key of a person's changes to their own account. */
export const ownChangesOf = (userId: string) => `own-change:${userId}`;
/** The key of requests that were forbidden to a user. */
export const refusalsOf = (userId: string) => `refused:${userId}`;
/** The key of submits of a link that no longer works. */
export const refusalsOfLink = (linkId: string) => `refused-link:${linkId}`;
/** The key of submits of any such link of an account. */
export const refusalsOfLinks = (userId: string) => `refused-links:${userId}`;

/** A verb's answer to an attempt over a limit. */
export type Throttled = Failure<"throttled", { retryAfterSeconds: number }>;

type Throttle =
  | { allowed: true }
  | { allowed: false; by: string; retryAfterSeconds: number; isFirstRefusal: boolean };

/**
 * Counts an attempt under each key in turn, in windows of one minute that all processes share. Stops at the first key
 * that is over its limit, so that an attempt refused there does not use up the limits of the keys after it.
 * @returns for a refused attempt, the key that refused it, when that key's window ends, and whether it is the first
 * refusal in that window
 */
export async function countAttempt(...counted: CounterLimit[]): Promise<Throttle> {
  for (const { key, perMinute } of counted) {
    if (!perMinute) continue;
    const { consumedPoints, msBeforeNext } = await counters().consume(key);
    if (msBeforeNext > MAX_WINDOW_REMAINDER_MS) {
      await counters().set(key, 1, WINDOW_SECONDS);
    } else if (consumedPoints > perMinute) {
      const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
      return { allowed: false, by: key, retryAfterSeconds, isFirstRefusal: consumedPoints === perMinute + 1 };
    }
  }
  return { allowed: true };
}

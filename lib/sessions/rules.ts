import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";

/**
 * How many sessions one transaction changes at most: about half a second of work, so that row locks are held briefly.
 */
export const SESSIONS_BATCH_SIZE = 5_000;

/** Returns the time that is so many seconds after another: when a session or token ends. */
export const secondsAfter = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);

/**
 * The grace period, in milliseconds, in which a used refresh token still returns its successor, for clients that send
 * it twice at the same time. Afterwards its use counts as a leak (RFC 9700, 4.14.2).
 */
const REFRESH_GRACE_MS = 10_000;

const isInGrace = (usedAt: number, now: Date) => {
  const elapsed = now.getTime() - usedAt;
  // A time further in the future than the clock skew comes from a clock that has been set back since.
  return elapsed <= REFRESH_GRACE_MS && elapsed >= -MAX_CLOCK_SKEW_MS;
};

/** The largest number of used tokens that are kept: more than any client uses within the grace period. */
const MAX_SPENT = 64;

/** When refresh tokens were used, by their `jti`, in epoch milliseconds of the database's clock. */
export type SpentTokens = Record<string, number>;

/** Parses the stored `spent_refresh` JSON; drops entries that are not numbers. */
export function readSpent(stored: unknown): SpentTokens {
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** Returns the used tokens with one added and without those whose grace period is over; the latest `MAX_SPENT`. */
export function withSpent(spent: SpentTokens, jti: string, now: Date): SpentTokens {
  const inGrace = Object.entries(spent).filter(([, at]) => isInGrace(at, now));
  // Sorted by time, because `jsonb` does not keep the order of keys and the oldest must be dropped first.
  const recent = inGrace.toSorted(([, one], [, other]) => one - other);
  return Object.fromEntries([...recent, [jti, now.getTime()] as const].slice(-MAX_SPENT));
}

/**
 * Classifies a refresh token of a session: "current" may be exchanged, "in-grace" was used a moment ago and returns its
 * successor, "reused" was used earlier or is not the session's, which means that it leaked.
 */
export function refreshVerdict(
  session: { refreshJti: string | null; spent: SpentTokens },
  jti: string,
  now: Date,
): "current" | "in-grace" | "reused" {
  if (session.refreshJti === jti) return "current";
  const spentAt = session.spent[jti];
  return spentAt !== undefined && isInGrace(spentAt, now) ? "in-grace" : "reused";
}

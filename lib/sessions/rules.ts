import { MAX_CLOCK_SKEW_MS } from "@/lib/core/limits";

/** How many sessions change in one transaction: as many as take about half a second, so that nobody waits long for a row. */
export const SESSIONS_PORTION = 5_000;

/** How long a used refresh token still leads to its successor, for those who used it at the same time (RFC 9700, 4.14.2). */
const REFRESH_GRACE_MS = 10_000;

const isInGrace = (usedAt: number, now: Date) => {
  const elapsed = now.getTime() - usedAt;
  // What was used later still was so by a clock that has been set back since.
  return elapsed <= REFRESH_GRACE_MS && elapsed >= -MAX_CLOCK_SKEW_MS;
};

/** More than any client uses within the grace. */
const MAX_SPENT = 64;

/** Used refresh tokens by their `jti`, with when, in epoch milliseconds of the database's clock. */
export type SpentTokens = Record<string, number>;

/** What the database holds, as far as it can be that. */
export function readSpent(stored: unknown): SpentTokens {
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** The used tokens with one more, and without those whose grace is over. */
export function withSpent(spent: SpentTokens, jti: string, now: Date): SpentTokens {
  const inGrace = Object.entries(spent).filter(([, at]) => isInGrace(at, now));
  // The database keeps names in an order of its own; what is dropped must be the oldest.
  const recent = inGrace.toSorted(([, one], [, other]) => one - other);
  return Object.fromEntries([...recent, [jti, now.getTime()] as const].slice(-MAX_SPENT));
}

/** What a refresh token is good for: to be exchanged, to be led to its successor, or only to tell that it leaked. */
export function refreshVerdict(
  session: { refreshJti: string | null; spent: SpentTokens },
  jti: string,
  now: Date,
): "current" | "in-grace" | "reused" {
  if (session.refreshJti === jti) return "current";
  const spentAt = session.spent[jti];
  return spentAt !== undefined && isInGrace(spentAt, now) ? "in-grace" : "reused";
}

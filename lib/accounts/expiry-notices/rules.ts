import { DAY_MS } from "@/lib/core/durations/rules";

/** How many days before a password expires its owner is told, once at each. */
const NOTICE_DAYS = [14, 7, 1] as const;

/** Who is to be told now: whoever's password expires after `after`, and not after `until`. */
export type NoticeBand = { days: number; after: Date; until: Date };

/**
 * The distances at which somebody is told, each up to the next nearer one: who comes late (because the server was off,
 * or expiry was switched on just now) hears only the nearest. A distance as long as the period itself is none.
 */
export function noticeBands(expirationPeriodDays: number, now: Date): NoticeBand[] {
  const distances = NOTICE_DAYS.filter((days) => days < expirationPeriodDays);
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  return distances.map((days, index) => ({
    days,
    after: inDays(distances[index + 1] ?? 0),
    until: inDays(days),
  }));
}

/** The days that are left, begun ones counted whole. */
export function daysUntil(expiresAt: Date, now: Date): number {
  return Math.max(1, Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS));
}

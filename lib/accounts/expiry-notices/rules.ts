import { DAY_MS } from "@/lib/core/durations/rules";

/** How many days before a password expires its owner gets a notice. One notice is sent at each distance. */
const NOTICE_DAYS = [14, 7, 1] as const;

/** A notice distance and the expiry times it covers now: `after` is exclusive, `until` inclusive. */
export type NoticeWindow = { days: number; after: Date; until: Date };

/**
 * Returns one window of expiry times for each notice distance, each reaching down to the next shorter distance. An
 * owner whose notice is late, because the server was off or expiry was only just switched on, therefore gets only the
 * nearest one. Distances that are not shorter than the expiration period are left out.
 */
export function noticeWindows(expirationPeriodDays: number, now: Date): NoticeWindow[] {
  const distances = NOTICE_DAYS.filter((days) => days < expirationPeriodDays);
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  return distances.map((days, index) => ({
    days,
    after: inDays(distances[index + 1] ?? 0),
    until: inDays(days),
  }));
}

/** Returns the days left until `expiresAt`, rounded up and at least 1. */
export function daysUntil(expiresAt: Date, now: Date): number {
  return Math.max(1, Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS));
}

// A request that is under way on another server may still sign with the old key, or with the old settings, for a moment.
const SLACK_MS = 60_000;

/** What decides how long a key that steps down must go on verifying. */
export type SteppingDown = {
  now: Date;
  /** Of the settings in force: what is being signed at this moment lives no longer. In seconds. */
  refreshTokenExpTime: number;
  /** When the last session on the key can no longer be renewed. */
  lastRenewableUntil: Date | null;
  /** The lifetimes that were in force in its time, each until the save that replaced them. */
  superseded: readonly { until: Date; tokenExpirationTime: number }[];
  /** Until when what it signed in an earlier turn can be alive. */
  earlierUntil: Date | null;
};

/**
 * When the last token of a key that steps down can no longer be alive, by the lifetimes as they were when it was issued.
 * Refresh tokens and browsers' tokens end with their session. An access token ends by itself: its session may have been
 * given another key's tokens since, and go on; and shorter lifetimes, saved since, do not shorten it.
 */
export function lastTokenEnd(key: SteppingDown): Date {
  const ends = [
    key.now.getTime() + key.refreshTokenExpTime * 1000,
    key.lastRenewableUntil?.getTime() ?? 0,
    ...key.superseded.map(({ until, tokenExpirationTime }) => until.getTime() + tokenExpirationTime * 1000),
  ];
  return new Date(Math.max(Math.max(...ends) + SLACK_MS, key.earlierUntil?.getTime() ?? 0));
}

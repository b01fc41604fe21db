// In milliseconds. For a moment, a request in progress on another server may still sign with the old key or settings.
const SLACK_MS = 60_000;

/** What determines how long a key must verify after it has stopped signing. */
export type OutgoingKey = {
  now: Date;
  /** The refresh time in force, in seconds: no token that is being signed at this moment lives longer. */
  refreshTokenExpTime: number;
  /** When the last session on the key can no longer be renewed; null if there is no such session. */
  lastRenewableUntil: Date | null;
  /** The lifetimes (in seconds) that were in force while the key signed, each until the save that replaced it. */
  superseded: readonly { until: Date; tokenExpirationTime: number }[];
  /** Until when a token from an earlier turn of the key can be alive; null if it had none. */
  earlierUntil: Date | null;
};

/**
 * Returns when the last token of a key that stops signing can no longer be alive, by the lifetimes that were in force
 * when it was issued. Refresh tokens and browsers' tokens end with their session. An access token ends independently of
 * its session, which may since have received tokens of another key and go on; shorter lifetimes that are saved later do
 * not shorten it.
 */
export function lastTokenEnd(key: OutgoingKey): Date {
  const ends = [
    key.now.getTime() + key.refreshTokenExpTime * 1000,
    key.lastRenewableUntil?.getTime() ?? 0,
    ...key.superseded.map(({ until, tokenExpirationTime }) => until.getTime() + tokenExpirationTime * 1000),
  ];
  return new Date(Math.max(Math.max(...ends) + SLACK_MS, key.earlierUntil?.getTime() ?? 0));
}

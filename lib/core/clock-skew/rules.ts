/** How far the clocks of two servers on one database may differ, in milliseconds. */
export const MAX_CLOCK_SKEW_MS = 60_000;

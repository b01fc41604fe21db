import { counted } from "../count/rules";

/** Durations in milliseconds, the unit of `Date`. A day is always 24 hours, regardless of daylight saving time. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const UNITS = [
  ["d", "day", 86_400],
  ["h", "hour", 3_600],
  ["min", "minute", 60],
  ["s", "second", 1],
] as const;

/** Splits a duration into whole units, the largest first, without those that are zero; 0 is 0 seconds. */
function partsOf(seconds: number) {
  let rest = Math.max(seconds, 0);
  const parts = UNITS.map(([short, noun, size]) => {
    const n = Math.floor(rest / size);
    rest -= n * size;
    return { n, short, noun };
  });
  const filled = parts.filter(({ n }) => n > 0);
  return filled.length > 0 ? filled : parts.slice(-1);
}

/** Formats a duration in seconds in short units, without rounding: 9000 is "2 h 30 min". */
export function durationText(seconds: number): string {
  return partsOf(seconds)
    .map(({ n, short }) => `${n.toLocaleString("en-US")} ${short}`)
    .join(" ");
}

/** Formats a duration in seconds for a sentence: "2 hours 30 minutes". */
export function durationWords(seconds: number): string {
  return partsOf(seconds)
    .map(({ n, noun }) => counted(n, noun))
    .join(" ");
}

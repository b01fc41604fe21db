import { counted } from "@/lib/core/count/rules";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/durations/rules";

const UNITS = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
] as const;

/** Formats a duration in its largest whole unit, "3 days"; null for less than a minute. */
function roughly(ms: number): string | null {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? [];
  return unit && size ? counted(Math.floor(ms / size), unit) : null;
}

/** Formats how long ago something was: "3 days ago". */
export function ageText(from: Date, now: Date): string {
  const age = roughly(now.getTime() - from.getTime());
  return age ? `${age} ago` : "just now";
}

/** Formats how far in the future an instant is: "in 6 days". */
export function awayText(until: Date, now: Date): string {
  return `in ${roughly(until.getTime() - now.getTime()) ?? "less than a minute"}`;
}

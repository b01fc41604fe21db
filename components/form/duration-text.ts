import { numberFromText } from "./number-text";

/** The units in which a duration can be entered; it is stored in seconds. */
export const durationUnits = ["seconds", "minutes", "hours", "days"] as const;
export type DurationUnit = (typeof durationUnits)[number];

const SECONDS: Record<DurationUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const PARTS = /^[0-9]{1,9}\.[0-9]{1,2}$/;

/** The text in the input, and its unit. */
export type DurationText = { unit: DurationUnit; text: string };

/**
 * Converts an entry to text in seconds. Half an hour can be entered as 0.5 hours, because that is a whole number of
 * seconds. Text that is not a duration is returned as typed.
 */
export function secondsText({ unit, text }: DurationText): string {
  if (unit === "seconds") return text;
  const typed = text.trim();
  const number = PARTS.test(typed) ? Number(typed) : numberFromText(typed);
  if (typeof number !== "number") return text;
  // Calculates in hundredths, to avoid the rounding errors of binary fractions.
  const seconds = (Math.round(number * 100) * SECONDS[unit]) / 100;
  return Number.isSafeInteger(seconds) ? String(seconds) : text;
}

/**
 * Shows a text in seconds in the given unit; falls back to seconds when two decimals of that unit cannot express it
 * exactly.
 */
export function shownIn(unit: DurationUnit, seconds: string): DurationText {
  const number = numberFromText(seconds);
  if (number === null) return { unit, text: "" };
  if (typeof number !== "number" || (number * 100) % SECONDS[unit] !== 0)
    return { unit: "seconds", text: seconds };
  return unit === "seconds" ? { unit, text: seconds } : { unit, text: String(number / SECONDS[unit]) };
}

import { numberFromText } from "./number-text";

/** The units in which a duration may be entered; it is kept in seconds. */
export const durationUnits = ["seconds", "minutes", "hours", "days"] as const;
export type DurationUnit = (typeof durationUnits)[number];

const SECONDS: Record<DurationUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const PARTS = /^[0-9]{1,9}\.[0-9]{1,2}$/;

/** What stands in the box, and in which unit it is meant. */
export type DurationText = { unit: DurationUnit; text: string };

/**
 * The text in seconds for what was entered. Half an hour may be entered as 0.5 hours, since it is a whole number of
 * seconds; what is no duration stays as it was typed.
 */
export function secondsText({ unit, text }: DurationText): string {
  if (unit === "seconds") return text;
  const typed = text.trim();
  const number = PARTS.test(typed) ? Number(typed) : numberFromText(typed);
  if (typeof number !== "number") return text;
  // In hundredths, which binary fractions cannot spoil.
  const seconds = (Math.round(number * 100) * SECONDS[unit]) / 100;
  return Number.isSafeInteger(seconds) ? String(seconds) : text;
}

/** How a text in seconds is shown in a unit; in seconds, where two decimals of the unit cannot say it exactly. */
export function shownIn(unit: DurationUnit, seconds: string): DurationText {
  const number = numberFromText(seconds);
  if (number === null) return { unit, text: "" };
  if (typeof number !== "number" || (number * 100) % SECONDS[unit] !== 0)
    return { unit: "seconds", text: seconds };
  return unit === "seconds" ? { unit, text: seconds } : { unit, text: String(number / SECONDS[unit]) };
}

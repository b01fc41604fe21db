import type { DurationText, DurationUnit } from "./duration-text";

/** Returns the id of the control of a duration's unit, from that of its number. */
export const unitControlId = (id: string) => `${id}-unit`;

/** Returns what the controls of a duration hold, also before hydration. @param id that of the number's control */
export function enteredDuration(id: string): DurationText {
  const [number, unit] = [id, unitControlId(id)].map((control) => document.getElementById(control));
  return {
    unit: unit instanceof HTMLSelectElement ? (unit.value as DurationUnit) : "seconds",
    text: number instanceof HTMLInputElement ? number.value : "",
  };
}

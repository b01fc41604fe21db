const DIGITS = /^[0-9]+$/;
/** Beyond these, a number no longer holds what was typed. */
const MAX_DIGITS = 15;

/**
 * The whole number that a text stands for; null when it is empty. What is no whole number in ASCII digits (a sign, a
 * decimal, an exponent, digits of another script, a blank between digits) comes back as it was typed, for the schema to
 * refuse it by name. Leading zeros and blanks around the digits do not matter.
 */
export function numberFromText(text: string): number | string | null {
  const typed = text.trim();
  if (typed === "") return null;
  if (!DIGITS.test(typed) || typed.replace(/^0+/, "").length > MAX_DIGITS) return typed;
  return Number(typed);
}

const DIGITS = /^[0-9]+$/;
/** With more digits, a number no longer represents exactly what was typed. */
const MAX_DIGITS = 15;

/**
 * Parses a whole number; null for empty text. Text that is not a whole number in ASCII digits (a sign, a decimal, an
 * exponent, digits of another script, a blank between digits) is returned as typed, so that the schema can name it in
 * its error. Leading zeros and surrounding blanks are ignored.
 */
export function numberFromText(text: string): number | string | null {
  const typed = text.trim();
  if (typed === "") return null;
  if (!DIGITS.test(typed) || typed.replace(/^0+/, "").length > MAX_DIGITS) return typed;
  return Number(typed);
}

/** A mail's content as parts in plain text; the renderers do the layout and the escaping. */
export type LetterContent = {
  subject: string;
  /** The text that a mail client's list shows beside the subject. */
  preview: string;
  /** The heading; by default the subject. */
  title?: string;
  /** The name that the mail greets. Empty: a greeting without a name; null: no greeting. */
  greets: string | null;
  paragraphs: string[];
  /** The one thing that the reader is asked to do. */
  action?: { label: string; url: string; note: string };
  facts?: { term: string; value: string }[];
  /** After the facts: what to do when it was not you. */
  closing?: string[];
};

/** The values in the footer of every mail. */
export type LetterFrame = {
  /** The URL of Gatehouse. */
  baseUrl: string;
};

/** The longest part of a name that is greeted, in code points. */
const MAX_GREETED = 60;
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** Returns the greeting line, or null. Removes from the name what would break the line or change its direction. */
export function greeting(greets: string | null): string | null {
  if (greets === null) return null;
  const letters = [...greets.replace(UNSEEN, " ").trim()];
  const isLong = letters.length > MAX_GREETED;
  const name = isLong ? `${letters.slice(0, MAX_GREETED - 1).join("")}…` : letters.join("");
  return name === "" ? "Hello," : `Hello ${name},`;
}

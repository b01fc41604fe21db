/** A mail's content as plain text in parts; how they look, and that they are escaped, is the renderers' business. */
export type LetterContent = {
  subject: string;
  /** What a list of mails shows beside the subject. */
  preview: string;
  title: string;
  /** Whom the mail greets; an empty name greets without one, null greets nobody. */
  greets: string | null;
  paragraphs: string[];
  /** The one thing to do. */
  action?: { label: string; url: string; note: string };
  facts?: { term: string; value: string }[];
  /** After the facts: what to do when it was not you. */
  closing?: string[];
};

/** What the foot of every mail tells. */
export type LetterFrame = {
  /** Where Gatehouse is. */
  baseUrl: string;
};

/** How much of a name is greeted, in code points. */
const MAX_GREETED = 60;
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** The first line. What would turn or break it is taken out of the name. */
export function greeting(greets: string | null): string | null {
  if (greets === null) return null;
  const name = [...greets.replace(UNSEEN, " ").trim()].slice(0, MAX_GREETED).join("");
  return name === "" ? "Hello," : `Hello ${name},`;
}

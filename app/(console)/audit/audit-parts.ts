/** A part of a sentence: text, an e-mail address, or an instant (ISO 8601) to show in the reader's time zone. */
export type Part = string | { person: string } | { instant: string };

/** Builds a sentence from its parts; text from outside stays a part of its own and is never interpreted. */
export function say(words: TemplateStringsArray, ...inserts: (Part | Part[])[]): Part[] {
  const parts = words.flatMap((text, index) => [text, inserts[index] ?? ""].flat());
  return parts.filter((part) => part !== "");
}

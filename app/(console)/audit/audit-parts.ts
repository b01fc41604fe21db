/** A piece of a sentence: words, somebody's e-mail address, or an instant (ISO 8601) for the reader's own clock. */
export type Part = string | { person: string } | { instant: string };

/** Puts a sentence together; text that came from outside stays a part of its own and is never read as anything else. */
export function say(words: TemplateStringsArray, ...inserts: (Part | Part[])[]): Part[] {
  const parts = words.flatMap((text, index) => [text, inserts[index] ?? ""].flat());
  return parts.filter((part) => part !== "");
}

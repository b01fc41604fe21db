/** A part of a sentence: text, an e-mail address, or an instant (ISO 8601) to show in the reader's time zone. */
export type Part = string | { person: string } | { instant: string };

/**
 * Builds a sentence from its parts; text from outside is never interpreted. Texts beside each other become one: a space
 * between two texts is missing in Chromium's accessibility tree if the server has rendered it.
 */
export function say(words: TemplateStringsArray, ...inserts: (Part | Part[])[]): Part[] {
  const parts: Part[] = [];
  for (const part of words.flatMap((text, index) => [text, inserts[index] ?? ""].flat())) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

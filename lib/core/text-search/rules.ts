/** Escapes text for a LIKE pattern, so that `%` and `_` are taken literally. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Puts texts into quotation marks: a search for them then finds what is one of them, and not what contains one. */
export function quoted(...texts: string[]): string {
  return texts.map((text) => `"${text}"`).join(" ");
}

/**
 * Returns the texts that a search has in quotation marks; none if it is not of that form. An address may begin with a
 * quotation mark, but not end with one.
 */
export function quotedTexts(search: string): string[] {
  const [, between = ""] = /^"(.+)"$/.exec(search) ?? [];
  return between.split(/" +"/).filter((text) => text !== "");
}

/** Returns the LIKE patterns of a search: for any part of a text, or for the whole of each that is in quotation marks. */
export function searchPatterns(search: string): string[] {
  const whole = quotedTexts(search);
  return whole.length > 0 ? whole.map(likeLiteral) : [`%${likeLiteral(search)}%`];
}

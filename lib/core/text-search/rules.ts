/** Escapes text for a LIKE pattern, so that `%` and `_` are taken literally. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Puts a text into quotation marks: a search for it then finds this text only, and not what contains it. */
export function quoted(text: string): string {
  return `"${text}"`;
}

/** Removes the quotation marks around a search text, if it has them. An address may begin with one, but not end with it. */
export function unquoted(search: string): string {
  return /^"(.+)"$/.exec(search)?.[1] ?? search;
}

/** Returns the LIKE pattern of a search: for any part of a text, or for all of it if the search is in quotation marks. */
export function searchPattern(search: string): string {
  const whole = unquoted(search);
  return whole === search ? `%${likeLiteral(search)}%` : likeLiteral(whole);
}

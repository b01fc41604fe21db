/** The longest search text for people, in code points. */
export const MAX_PERSON_SEARCH_LENGTH = 100;

/**
 * Returns whether a search also matches inside words. One or two letters occur in nearly every address or in none, and
 * no index can tell which, so they match only at the beginning of an address or of a word in a name.
 */
export function matchesInsideWords(search: string): boolean {
  return !/^[\p{L}\p{N}](?:[\p{L}\p{N}]?|[^\p{L}\p{N}]+)$/u.test(search.normalize("NFC"));
}

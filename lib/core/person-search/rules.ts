/**
 * Whether a text is looked for in the middle of words too. One or two letters are in nearly everybody's address or in
 * nobody's, and no index tells which; they are looked for where an address or a name begins.
 */
export function isFoundAnywhere(search: string): boolean {
  return !/^[\p{L}\p{N}](?:[\p{L}\p{N}]?|[^\p{L}\p{N}]+)$/u.test(search.normalize("NFC"));
}

/** The characters of a link's token: Base64url without padding. */
const FOREIGN = /[^\w-]+/g;

/**
 * Returns the token in a mailed link's address; null if there is none. Removes what mail programs put into or after a
 * link: line breaks, the full stop or bracket that followed it.
 */
export function linkToken(parameter: string | string[] | undefined): string | null {
  return typeof parameter === "string" ? parameter.replace(FOREIGN, "") : null;
}

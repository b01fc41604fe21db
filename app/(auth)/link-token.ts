/** What no token of a link has. Those of earlier versions may have `-` and `_`. */
const FOREIGN = /[^\w-]+/g;
/** What is left of "=3D", an equals sign in the source of a mail (quoted-printable), before a token's 43 characters. */
const ENCODED_EQUALS_SIGN = /^3D(?=.{43}$)/;

/**
 * Returns the token in a mailed link's address; null if there is none. Removes what mail programs put into or after a
 * link: line breaks, the full stop or bracket that followed it, the encoding of a mail's source.
 */
export function linkToken(parameter: string | string[] | undefined): string | null {
  if (typeof parameter !== "string") return null;
  return parameter.replace(FOREIGN, "").replace(ENCODED_EQUALS_SIGN, "");
}

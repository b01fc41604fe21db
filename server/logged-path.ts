/** The minimum length of a mobile secret. Any path segment of this length that is not a UUID may be one. */
const SECRET_LENGTH = 32;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** The call whose path contains a mobile secret, in any spelling; even a part of a secret must not be logged. */
const EXCHANGE = /(noauth(?:\/|\\|%2f|%5c)+qr(?:\/|\\|%2f|%5c)+).*$/i;
const ASSETS = "/_next/";
const HIDDEN = "[secret]";

/** Returns a path as it may be logged: without any secret that would sign somebody in. */
export function loggedPath(path: string): string {
  const shown = path.replace(EXCHANGE, `$1${HIDDEN}`);
  if (path.startsWith(ASSETS)) return shown;
  const segments = shown.split(/([/\\])/);
  return segments.map((text) => (text.length >= SECRET_LENGTH && !UUID.test(text) ? HIDDEN : text)).join("");
}

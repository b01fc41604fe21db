/** As short as a mobile secret may be. Whatever is as long and no id could be one, wherever in a path it stands. */
const SECRET_LENGTH = 32;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Where an app gives the secret in the path, in any spelling; a part of one is not for the log either. */
const EXCHANGE = /(noauth(?:\/|\\|%2f|%5c)+qr(?:\/|\\|%2f|%5c)+).*$/i;
const ASSETS = "/_next/";
const HIDDEN = "[secret]";

/** A path as it may stand in the log: without what would sign somebody in. */
export function loggedPath(path: string): string {
  if (path.startsWith(ASSETS)) return path;
  const segments = path.replace(EXCHANGE, `$1${HIDDEN}`).split(/([/\\])/);
  return segments.map((text) => (text.length >= SECRET_LENGTH && !UUID.test(text) ? HIDDEN : text)).join("");
}

/** Whether a text's percent-encoding, if it has any, is one: its escapes whole, and UTF-8 (RFC 3986, 2.1). */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

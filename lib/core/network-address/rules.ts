/** The longest text of a network address: IPv6 that ends with an IPv4 address. */
export const MAX_ADDRESS_LENGTH = 45;

/** An IPv4 address that is mapped into IPv6, as `URL` writes it: in hexadecimal. */
const MAPPED = /^::ffff:([\da-f]+):([\da-f]+)$/;

/**
 * Returns a network address in the one notation in which addresses are stored: IPv6 as in RFC 5952, but without dots, and
 * an IPv4-mapped IPv6 address, which is the same address in another notation, as IPv4. The beginning of an IPv6 address
 * is returned in small letters and without leading zeros; other text as it is.
 */
export function plainAddress(text: string): string {
  if (!/^[\da-f.]*:[\da-f.:]*$/i.test(text)) return text;
  if (!URL.canParse(`http://[${text}]`)) return text.toLowerCase().replace(/\b0+(?=[\da-f])/g, "");
  const address = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const groups = MAPPED.exec(address);
  if (!groups) return address;
  const [high, low] = [Number.parseInt(groups[1] ?? "", 16), Number.parseInt(groups[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

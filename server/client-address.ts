import { isIP } from "node:net";

/** What may be an IPv4 address in IPv6's clothes, in any of its spellings. */
const MAY_BE_MAPPED = /^[0:]*:ffff:/i;
/** The one spelling of those that URLs know (RFC 5952, without the dots). */
const MAPPED = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/;

/** An IPv4 address in IPv6's clothes is the same address; some write it with dots, others as IPv6. */
function unmapped(address: string): string {
  if (!MAY_BE_MAPPED.test(address) || isIP(address) !== 6) return address;
  const groups = MAPPED.exec(new URL(`http://[${address}]`).hostname);
  if (!groups) return address;
  const [high, low] = [Number.parseInt(groups[1] ?? "", 16), Number.parseInt(groups[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** An address as a proxy writes it down, without the port that some add, and without a zone. */
function bare(written: string): string {
  const [, inBrackets, beforePort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(written) ?? [];
  return (inBrackets ?? beforePort ?? written).replace(/%.*$/, "");
}

/**
 * Where a request comes from: the socket's other end, or, behind `trustedProxies` proxies, what the outermost of these
 * has seen. Each of them adds its own peer at the right end of `X-Forwarded-For`; what stands further left, anybody
 * could have written there.
 *
 * @param socketAddress as Node reports it
 * @param forwardedFor the header, or undefined
 * @returns an IP address, without a zone; "unknown" for a socket that is gone
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: number,
): string {
  const peer = unmapped(bare(socketAddress ?? "unknown"));
  if (trustedProxies === 0 || forwardedFor === undefined) return peer;
  const chain = forwardedFor.split(",").map((part) => part.trim());
  const claimed = bare(chain[Math.max(0, chain.length - trustedProxies)] ?? "");
  return isIP(claimed) === 0 ? peer : unmapped(claimed);
}

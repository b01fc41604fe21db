import { isIP } from "node:net";

/** Matches what may be an IPv4-mapped IPv6 address, in any spelling. */
const MAY_BE_MAPPED = /^[0:]*:ffff:/i;
/** The form to which `URL` normalises such an address (RFC 5952, without the dots). */
const MAPPED = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/;

/** Returns an IPv4-mapped IPv6 address, which is the same address in another notation, as IPv4. */
function unmapped(address: string): string {
  if (!MAY_BE_MAPPED.test(address) || isIP(address) !== 6) return address;
  const groups = MAPPED.exec(new URL(`http://[${address}]`).hostname);
  if (!groups) return address;
  const [high, low] = [Number.parseInt(groups[1] ?? "", 16), Number.parseInt(groups[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Strips the port that some proxies append to an address, and an IPv6 zone. */
function bare(written: string): string {
  const [, inBrackets, beforePort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(written) ?? [];
  return (inBrackets ?? beforePort ?? written).replace(/%.*$/, "");
}

/**
 * Returns the client's address: the socket's peer or, behind `trustedProxies` proxies, the peer that the outermost of
 * them saw. Each proxy appends its own peer to `X-Forwarded-For`; a client can forge the entries further left.
 *
 * @param socketAddress as Node reports it
 * @param forwardedFor the header, or undefined
 * @returns an IP address, without a zone; "unknown" for a closed socket
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

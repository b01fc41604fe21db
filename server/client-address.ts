import { isIP } from "node:net";

/** An IPv4 address in IPv6's clothes is the same address. */
function unmapped(address: string): string {
  const inner = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  return inner !== undefined && isIP(inner) === 4 ? inner : address;
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
  const peer = unmapped((socketAddress ?? "unknown").replace(/%.*$/, ""));
  if (trustedProxies === 0 || forwardedFor === undefined) return peer;
  const chain = forwardedFor.split(",").map((part) => part.trim());
  const claimed = chain[Math.max(0, chain.length - trustedProxies)] ?? "";
  return isIP(claimed) === 0 ? peer : unmapped(claimed);
}

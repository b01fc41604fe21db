import { isIP } from "node:net";
import { plainAddress } from "@/lib/core/network-address/rules";

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
 * @returns an IP address as `plainAddress` writes it, without a zone; "unknown" for a closed socket
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: number,
): string {
  const peer = plainAddress(bare(socketAddress ?? "unknown"));
  if (trustedProxies === 0 || forwardedFor === undefined) return peer;
  const chain = forwardedFor.split(",").map((part) => part.trim());
  const claimed = bare(chain[Math.max(0, chain.length - trustedProxies)] ?? "");
  return isIP(claimed) === 0 ? peer : plainAddress(claimed);
}

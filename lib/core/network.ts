import { plainAddress } from "./network-address/rules";

/**
 * Returns what requests are counted by: an IPv4 address, or the /64 prefix of an IPv6 address, because a single
 * subscriber can choose any address within a /64 (RFC 6177).
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  const groups = groupsOf(plain);
  return groups ? `${groups.slice(0, 4).join(":")}::/64` : plain;
}

/**
 * Returns what shares as one, where there is too little for all: the /48 prefix of an IPv6 address, the most that a
 * subscriber is usually given (RFC 6177), with its 65,536 networks; or the /24 prefix of an IPv4 address, the smallest
 * that is routed by itself. No rate limit counts by it, because many subscribers may be within either.
 */
export function siteOf(address: string): string {
  const plain = plainAddress(address);
  const groups = groupsOf(plain);
  return groups ? `${groups.slice(0, 3).join(":")}::/48` : plain.replace(/\.\d+$/, ".0/24");
}

/** Returns the eight groups of an IPv6 address, without leading zeros; null for any other. */
function groupsOf(address: string): string[] | null {
  if (!address.includes(":")) return null;
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const gap = Array<string>(Math.max(8 - left.length - right.length, 0)).fill("0");
  return [...left, ...gap, ...right];
}

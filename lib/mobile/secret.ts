import "server-only";
import { randomBytes } from "node:crypto";
import { digestOf } from "@/lib/core/secrets";

/** A Base64url character carries 6 bits, so 32 of them carry 192. */
const BITS_PER_CHARACTER = 6;

/**
 * Creates a random Base64url secret (RFC 4648, 5) of exactly `length` characters, and the digest that is stored of it.
 */
export function newMobileSecret(length: number): { secret: string; digest: string } {
  const bytes = randomBytes(Math.ceil((length * BITS_PER_CHARACTER) / 8));
  const secret = bytes.toString("base64url").slice(0, length);
  return { secret, digest: digestOf(secret) };
}

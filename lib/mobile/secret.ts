import "server-only";
import { randomBytes } from "node:crypto";
import { digestOf } from "@/lib/core/secrets";

/** A character of Base64url carries 6 bits, so 32 of them 192. */
const BITS_PER_CHARACTER = 6;

/** A random URL-safe secret (RFC 4648, 5) of exactly that many characters, with the digest that is stored in its place. */
export function newMobileSecret(length: number): { secret: string; digest: string } {
  const bytes = randomBytes(Math.ceil((length * BITS_PER_CHARACTER) / 8));
  const secret = bytes.toString("base64url").slice(0, length);
  return { secret, digest: digestOf(secret) };
}

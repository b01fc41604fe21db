import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import { z } from "zod";

/** RFC 7515, 4.1.11: who does not understand every critical extension refuses, and we know none. */
const headerSchema = z.object({
  alg: z.literal("HS512"),
  typ: z.literal("JWT"),
  kid: z.string(),
  crit: z.undefined().optional(),
});

function signatureOf(signed: string, secret: Uint8Array): string {
  return createHmac("sha512", secret).update(signed).digest("base64url");
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A signed JWT in its compact form. */
export function signHs512(claims: JWTPayload, key: { kid: string; secret: Uint8Array }): string {
  const signed = `${encode({ alg: "HS512", kid: key.kid, typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, key.secret)}`;
}

/**
 * The claims of a JWT, when the key has signed it by HS512 and its header says so; else null. What the header says is
 * looked at only afterwards, and chooses nothing. The signature has one spelling.
 *
 * It is computed here and now: WebCrypto's threads are those of the hashes.
 * docs/decisions/0014-tokens-are-verified-on-the-event-loop.md
 */
export function openHs512(token: string, key: { kid: string; secret: Uint8Array }): JWTPayload | null {
  const end = token.lastIndexOf(".");
  const given = Buffer.from(token.slice(end + 1));
  const right = Buffer.from(signatureOf(token.slice(0, Math.max(end, 0)), key.secret));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  try {
    const header = headerSchema.safeParse(decodeProtectedHeader(token)).data;
    return header?.kid === key.kid ? decodeJwt(token) : null;
  } catch {
    return null;
  }
}

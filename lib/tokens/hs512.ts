import "server-only";
import { createSigner, createVerifier } from "fast-jwt";

/** A key as tokens name it, and its bytes. */
type Key = { kid: string; secret: Uint8Array };

/** The claims of a token: what a JSON object can hold. */
export type Claims = Record<string, unknown>;

/** A signed JWT in its compact form. */
export function signHs512(claims: Claims & { iat: number }, { kid, secret }: Key): string {
  return createSigner({ algorithm: "HS512", key: Buffer.from(secret), kid })(claims);
}

/**
 * The claims of a JWT, when the key has signed it by HS512 and its header says so; else null. What the claims say is for
 * others to judge, the times too.
 *
 * It is computed here and now: WebCrypto's threads are those of the hashes.
 * docs/decisions/0014-tokens-are-verified-on-the-event-loop.md
 */
export function openHs512(token: string, { kid, secret }: Key): Claims | null {
  const verify = createVerifier({
    algorithms: ["HS512"],
    key: Buffer.from(secret),
    checkTyp: "JWT",
    ignoreExpiration: true,
    ignoreNotBefore: true,
    complete: true,
  });
  try {
    const { header, payload } = verify(token) as { header: Claims; payload: Claims };
    // Whoever does not understand every critical extension refuses (RFC 7515, 4.1.11); we know none, nor what null is.
    return header.kid === kid && !("crit" in header) ? payload : null;
  } catch {
    return null;
  }
}

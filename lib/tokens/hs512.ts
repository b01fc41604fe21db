import "server-only";
import { createSigner, createVerifier } from "fast-jwt";

/** A key: the `kid` that token headers name it by, and its bytes. */
type Key = { kid: string; secret: Buffer };

/** The claims of a token, a JSON object. */
export type Claims = Record<string, unknown>;

/** Signs a JWT with HS512 and returns its compact form. `iat` is in seconds. */
export function signHs512(claims: Claims & { iat: number }, { kid, secret }: Key): string {
  return createSigner({ algorithm: "HS512", key: secret, kid })(claims);
}

/**
 * Returns the claims of a JWT if the key signed it with HS512 and its header names that algorithm, type "JWT" and the
 * key's `kid`; else null. The caller has to check the claims, including the times.
 *
 * Runs synchronously: handing the HMAC to a thread of WebCrypto costs more than computing it.
 * docs/decisions/0014-tokens-are-verified-on-the-event-loop.md
 */
export function openHs512(token: string, { kid, secret }: Key): Claims | null {
  const verify = createVerifier({
    algorithms: ["HS512"],
    key: secret,
    checkTyp: "JWT",
    ignoreExpiration: true,
    ignoreNotBefore: true,
    complete: true,
  });
  try {
    const { header, payload } = verify(token) as { header: Claims; payload: Claims };
    // A critical extension that is not understood must be refused (RFC 7515, 4.1.11). This code understands none.
    return header.kid === kid && !("crit" in header) ? payload : null;
  } catch {
    return null;
  }
}

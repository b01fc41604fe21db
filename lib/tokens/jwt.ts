import "server-only";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";

/** A key of the ring, opened. */
export type TokenKey = { kid: string; issuer: string; secret: Uint8Array };

/** ThingsBoard's way of writing "none" for an entity id. */
export const NULL_ID = "13814000-1dd2-11b2-8080-808080808080";

/** Who a token speaks for. */
export type TokenSubject = {
  userId: string;
  sessionId: string;
  email: string;
  authority: string;
  firstName: string;
  lastName: string;
};

const uuid = z.guid();

/** What must be in an access token, whoever made it, before anything in it is believed. */
const accessClaimsSchema = z.object({
  sub: z.string(),
  userId: uuid,
  sessionId: uuid,
  scopes: z.tuple([z.enum(["SYS_ADMIN", "TENANT_ADMIN", "CUSTOMER_USER"])]),
  iat: z.int(),
  exp: z.int(),
  jti: z.string(),
});
export type AccessClaims = z.infer<typeof accessClaimsSchema>;

/**
 * Signs an access token with the claims that ThingsBoard's clients read. `exp` is `iat` plus the lifetime, in seconds.
 */
export async function signAccessToken(
  key: TokenKey,
  subject: TokenSubject,
  lifetimeSeconds: number,
  now: Date,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({
    userId: subject.userId,
    scopes: [subject.authority],
    sessionId: subject.sessionId,
    ...(subject.firstName && { firstName: subject.firstName }),
    ...(subject.lastName && { lastName: subject.lastName }),
    enabled: true,
    isPublic: false,
    tenantId: NULL_ID,
    customerId: NULL_ID,
  })
    .setProtectedHeader({ alg: "HS512", kid: key.kid, typ: "JWT" })
    .setSubject(subject.email)
    .setIssuer(key.issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setJti(crypto.randomUUID())
    .sign(key.secret);
}

/** Longer than any token that Gatehouse makes, and what a cookie can hold. */
const MAX_TOKEN_LENGTH = 4_096;

/** Which key and session a token names. Nothing of it is proved yet; it serves to look up what proves it. */
export function readTokenReference(token: string): { kid: string; sessionId: string } | null {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  try {
    const kid = uuid.safeParse(decodeProtectedHeader(token).kid);
    const sessionId = uuid.safeParse(decodeJwt(token).sessionId);
    return kid.success && sessionId.success ? { kid: kid.data, sessionId: sessionId.data } : null;
  } catch {
    return null;
  }
}

export type TokenVerdict = { state: "valid" | "expired"; claims: AccessClaims } | { state: "forged" };

/**
 * Checks an access token against one key: HS512 and nothing else, the key's issuer, the type, every claim and the
 * times (RFC 8725, 3.1, 3.8, 3.11). "expired" means that all the rest is in order.
 */
export async function verifyAccessToken(key: TokenKey, token: string, now: Date): Promise<TokenVerdict> {
  const options = {
    algorithms: ["HS512"],
    issuer: key.issuer,
    typ: "JWT",
    requiredClaims: ["sub", "iat", "exp", "jti", "userId", "sessionId", "scopes"],
    currentDate: now,
  };
  const verdict = (state: "valid" | "expired", payload: unknown): TokenVerdict => {
    const claims = accessClaimsSchema.safeParse(payload);
    return claims.success && claims.data.iat <= Math.ceil(now.getTime() / 1000) + MAX_CLOCK_SKEW_SECONDS
      ? { state, claims: claims.data }
      : { state: "forged" };
  };
  try {
    return verdict("valid", (await jwtVerify(token, key.secret, options)).payload);
  } catch (error) {
    // jose checks the signature first and the expiry last, so an expired token has passed everything else.
    return error instanceof errors.JWTExpired ? verdict("expired", error.payload) : { state: "forged" };
  }
}

/** How far the clocks of two servers on one database may differ. */
const MAX_CLOCK_SKEW_SECONDS = 60;

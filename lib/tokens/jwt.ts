import "server-only";
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { MAX_SECONDS } from "@/lib/settings/jwt/schema";

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

/** What must be in a refresh token; its scope is what tells it from an access token. */
const refreshClaimsSchema = z.object({
  sub: z.string(),
  userId: uuid,
  sessionId: uuid,
  scopes: z.tuple([z.literal("REFRESH_TOKEN")]),
  isPublic: z.literal(false),
  iat: z.int(),
  exp: z.int(),
  jti: uuid,
});
export type RefreshClaims = z.infer<typeof refreshClaimsSchema>;

/**
 * Signs an access token with the claims that ThingsBoard's clients read. `exp` is `iat` plus the lifetime, in seconds.
 */
export async function signAccessToken(
  key: TokenKey,
  subject: TokenSubject,
  lifetimeSeconds: number,
  now: Date,
): Promise<string> {
  const claims = {
    userId: subject.userId,
    scopes: [subject.authority],
    sessionId: subject.sessionId,
    ...(subject.firstName && { firstName: subject.firstName }),
    ...(subject.lastName && { lastName: subject.lastName }),
    enabled: true,
    isPublic: false,
    tenantId: NULL_ID,
    customerId: NULL_ID,
  };
  return sign(key, claims, { sub: subject.email, jti: crypto.randomUUID(), lifetimeSeconds, now });
}

/** Signs a refresh token. The same session, `jti` and time make the same token again. */
export async function signRefreshToken(
  key: TokenKey,
  subject: Pick<TokenSubject, "userId" | "sessionId" | "email"> & { jti: string },
  lifetimeSeconds: number,
  now: Date,
): Promise<string> {
  const { userId, sessionId, email, jti } = subject;
  const claims = { userId, scopes: ["REFRESH_TOKEN"], sessionId, isPublic: false };
  return sign(key, claims, { sub: email, jti, lifetimeSeconds, now });
}

function sign(
  key: TokenKey,
  claims: JWTPayload,
  registered: { sub: string; jti: string; lifetimeSeconds: number; now: Date },
): Promise<string> {
  const issuedAt = Math.floor(registered.now.getTime() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS512", kid: key.kid, typ: "JWT" })
    .setSubject(registered.sub)
    .setIssuer(key.issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + registered.lifetimeSeconds)
    .setJti(registered.jti)
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

export type TokenVerdict<Claims = AccessClaims> =
  | { state: "valid" | "expired"; claims: Claims }
  | { state: "forged" };

/** Checks an access token against one key. "expired" means that all the rest is in order. */
export function verifyAccessToken(key: TokenKey, token: string, now: Date): Promise<TokenVerdict> {
  return verify(accessClaimsSchema, key, token, now);
}

/** Checks a refresh token against one key, as strictly; neither kind ever passes for the other. */
export function verifyRefreshToken(
  key: TokenKey,
  token: string,
  now: Date,
): Promise<TokenVerdict<RefreshClaims>> {
  return verify(refreshClaimsSchema, key, token, now);
}

/**
 * HS512 and nothing else, the key's issuer, the type, every claim and the times (RFC 8725, 3.1, 3.8, 3.11, 3.12).
 */
async function verify<Claims extends { iat: number; exp: number }>(
  schema: z.ZodType<Claims>,
  key: TokenKey,
  token: string,
  now: Date,
): Promise<TokenVerdict<Claims>> {
  const options = {
    algorithms: ["HS512"],
    issuer: key.issuer,
    typ: "JWT",
    requiredClaims: ["sub", "iat", "exp", "jti", "userId", "sessionId", "scopes"],
    currentDate: now,
  };
  const verdict = (state: "valid" | "expired", payload: unknown): TokenVerdict<Claims> => {
    const { data: claims } = schema.safeParse(payload);
    if (!claims || claims.iat > Math.ceil(now.getTime() / 1000) + MAX_CLOCK_SKEW_SECONDS)
      return { state: "forged" };
    // No setting makes a token that lives longer.
    return claims.exp - claims.iat <= MAX_SECONDS ? { state, claims } : { state: "forged" };
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

import "server-only";
import { createDecoder } from "fast-jwt";
import { z } from "zod";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import { idSchema } from "@/lib/core/id/schema";
import { MAX_SECONDS } from "@/lib/settings/jwt/schema";
import type { Authority } from "@/prisma/generated/enums";
import { type Claims, openHs512, signHs512 } from "./hs512";

/** An unsealed key of the key ring. */
export type TokenKey = { kid: string; issuer: string; secret: Buffer };

/** The id that ThingsBoard uses for "no entity". */
export const NULL_ID = "13814000-1dd2-11b2-8080-808080808080";

/** The person that a token is issued for. */
export type TokenOwner = {
  userId: string;
  email: string;
  authority: Authority;
  firstName: string;
  lastName: string;
};

/** The person and session that a token is issued for. */
export type TokenSubject = TokenOwner & { sessionId: string };

/** An account, with the fields that become claims of its tokens. */
export type TokenAccount = Omit<TokenOwner, "userId"> & { id: string };

/** Returns an account as the person of a token. */
export function tokenOwnerOf(account: TokenAccount): TokenOwner {
  const { id: userId, email, authority, firstName, lastName } = account;
  return { userId, email, authority, firstName, lastName };
}

/** The claims that every token must have, and the optional start of its validity. */
const tokenClaimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  userId: idSchema,
  sessionId: idSchema,
  nbf: z.number().optional(),
  iat: z.int(),
  exp: z.int(),
});

/** The claims that every access token must have. */
const accessClaimsSchema = tokenClaimsSchema.extend({
  scopes: z.tuple([
    z.enum(["SYS_ADMIN", "TENANT_ADMIN", "CUSTOMER_USER"] as const satisfies readonly Authority[]),
  ]),
  enabled: z.literal(true),
  isPublic: z.literal(false),
  tenantId: z.literal(NULL_ID),
  customerId: z.literal(NULL_ID),
  jti: idSchema,
});
export type AccessClaims = z.infer<typeof accessClaimsSchema>;

/** The claims that every refresh token must have. Its scope distinguishes it from an access token. */
const refreshClaimsSchema = tokenClaimsSchema.extend({
  scopes: z.tuple([z.literal("REFRESH_TOKEN")]),
  isPublic: z.literal(false),
  jti: idSchema,
});
export type RefreshClaims = z.infer<typeof refreshClaimsSchema>;

/**
 * Signs an access token with the claims that ThingsBoard's clients read. `iat` is `now` in whole seconds, and `exp` is
 * `iat` plus `lifetimeSeconds`.
 */
export function signAccessToken(
  key: TokenKey,
  subject: TokenSubject,
  lifetimeSeconds: number,
  now: Date,
): string {
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

/** Signs a refresh token. The same key, subject, lifetime and time produce the same token again. */
export function signRefreshToken(
  key: TokenKey,
  subject: Pick<TokenSubject, "userId" | "sessionId" | "email"> & { jti: string },
  lifetimeSeconds: number,
  now: Date,
): string {
  const { userId, sessionId, email, jti } = subject;
  const claims = { userId, scopes: ["REFRESH_TOKEN"], sessionId, isPublic: false };
  return sign(key, claims, { sub: email, jti, lifetimeSeconds, now });
}

function sign(
  key: TokenKey,
  claims: Claims,
  registered: { sub: string; jti: string; lifetimeSeconds: number; now: Date },
): string {
  const { sub, jti, lifetimeSeconds, now } = registered;
  const iat = toSeconds(now);
  return signHs512({ ...claims, sub, iss: key.issuer, iat, exp: iat + lifetimeSeconds, jti }, key);
}

/** Converts a time to a JWT NumericDate: whole seconds since the epoch. */
const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Longer than any token that Gatehouse signs, and the size that browsers allow a cookie, in characters. */
const MAX_TOKEN_LENGTH = 4_096;

const decode = createDecoder({ complete: true });

/**
 * Reads which key and session a token names, without verifying it; null when it is malformed or too long. Use the
 * result only to look up the key that verifies the token.
 */
export function readTokenReference(token: string): { kid: string; sessionId: string } | null {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  try {
    const { header, payload } = decode(token);
    const kid = idSchema.safeParse(header.kid);
    const sessionId = idSchema.safeParse(payload.sessionId);
    return kid.success && sessionId.success ? { kid: kid.data, sessionId: sessionId.data } : null;
  } catch {
    return null;
  }
}

export type TokenVerdict<Claims = AccessClaims> =
  | { state: "valid" | "expired"; claims: Claims }
  | { state: "forged" };

/** Verifies an access token with one key. "expired" means that everything but the expiry is valid. */
export function verifyAccessToken(key: TokenKey, token: string, now: Date): TokenVerdict {
  return verify(accessClaimsSchema, key, token, now);
}

/** Verifies a refresh token with one key, as `verifyAccessToken` does. Neither kind of token passes for the other. */
export function verifyRefreshToken(key: TokenKey, token: string, now: Date): TokenVerdict<RefreshClaims> {
  return verify(refreshClaimsSchema, key, token, now);
}

/**
 * Checks the algorithm (only HS512), the type, the key's issuer, every claim and the times (RFC 8725, 3.1, 3.8, 3.11,
 * 3.12). The expiry is checked last, so that an expired token has passed all other checks.
 */
function verify<Claims extends z.infer<typeof tokenClaimsSchema>>(
  schema: z.ZodType<Claims>,
  key: TokenKey,
  token: string,
  now: Date,
): TokenVerdict<Claims> {
  const { data: claims } = schema.safeParse(openHs512(token, key));
  if (claims?.iss !== key.issuer) return { state: "forged" };
  const seconds = toSeconds(now);
  if (claims.nbf !== undefined && claims.nbf > seconds) return { state: "forged" };
  if (claims.iat > toSeconds(new Date(now.getTime() + MAX_CLOCK_SKEW_MS))) return { state: "forged" };
  // No setting allows a longer lifetime, in seconds.
  if (claims.exp - claims.iat > MAX_SECONDS) return { state: "forged" };
  return { state: claims.exp <= seconds ? "expired" : "valid", claims };
}

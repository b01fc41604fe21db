import "server-only";
import { createDecoder } from "fast-jwt";
import { z } from "zod";
import { idSchema } from "@/lib/core/id/schema";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/limits";
import { MAX_SECONDS } from "@/lib/settings/jwt/schema";
import { type Claims, openHs512, signHs512 } from "./hs512";

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

/** What must be in an access token, whoever made it, before anything in it is believed. */
const accessClaimsSchema = z.object({
  sub: z.string(),
  userId: idSchema,
  sessionId: idSchema,
  scopes: z.tuple([z.enum(["SYS_ADMIN", "TENANT_ADMIN", "CUSTOMER_USER"])]),
  iat: z.int(),
  exp: z.int(),
  jti: z.string(),
});
export type AccessClaims = z.infer<typeof accessClaimsSchema>;

/** What must be in a refresh token; its scope is what tells it from an access token. */
const refreshClaimsSchema = z.object({
  sub: z.string(),
  userId: idSchema,
  sessionId: idSchema,
  scopes: z.tuple([z.literal("REFRESH_TOKEN")]),
  isPublic: z.literal(false),
  iat: z.int(),
  exp: z.int(),
  jti: idSchema,
});
export type RefreshClaims = z.infer<typeof refreshClaimsSchema>;

/**
 * Signs an access token with the claims that ThingsBoard's clients read. `exp` is `iat` plus the lifetime, in seconds.
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

/** Signs a refresh token. The same session, `jti` and time make the same token again. */
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

/** A moment as tokens tell it. */
const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Longer than any token that Gatehouse makes, and what a cookie can hold. */
const MAX_TOKEN_LENGTH = 4_096;

const decode = createDecoder({ complete: true });

/** Which key and session a token names. Nothing of it is proved yet; it serves to look up what proves it. */
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

/** Checks an access token against one key. "expired" means that all the rest is in order. */
export function verifyAccessToken(key: TokenKey, token: string, now: Date): TokenVerdict {
  return verify(accessClaimsSchema, key, token, now);
}

/** Checks a refresh token against one key, as strictly; neither kind ever passes for the other. */
export function verifyRefreshToken(key: TokenKey, token: string, now: Date): TokenVerdict<RefreshClaims> {
  return verify(refreshClaimsSchema, key, token, now);
}

/** What both kinds say of who made them and from when on they count. */
const frameSchema = z.object({ iss: z.string(), nbf: z.number().optional() });

/**
 * HS512 and nothing else, the key's issuer, the type, every claim and the times (RFC 8725, 3.1, 3.8, 3.11, 3.12). The
 * expiry is looked at last, so an expired token has passed everything else.
 */
function verify<Claims extends { iat: number; exp: number }>(
  schema: z.ZodType<Claims>,
  key: TokenKey,
  token: string,
  now: Date,
): TokenVerdict<Claims> {
  const payload = openHs512(token, key);
  const { data: frame } = frameSchema.safeParse(payload);
  const { data: claims } = schema.safeParse(payload);
  if (!frame || !claims || frame.iss !== key.issuer) return { state: "forged" };
  const seconds = toSeconds(now);
  if (frame.nbf !== undefined && frame.nbf > seconds) return { state: "forged" };
  if (claims.iat > Math.ceil((now.getTime() + MAX_CLOCK_SKEW_MS) / 1000)) return { state: "forged" };
  // No setting makes a token that lives longer.
  if (claims.exp - claims.iat > MAX_SECONDS) return { state: "forged" };
  return { state: claims.exp <= seconds ? "expired" : "valid", claims };
}

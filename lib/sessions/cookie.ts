import { env } from "@/lib/core/env";

/** Returns whether BASE_URL, the address that browsers use, is https. */
export const isHttps = () => env().BASE_URL.startsWith("https:");

/**
 * Returns the name of the session cookie. Over https, its `__Host-` prefix binds it to this host (RFC 6265bis,
 * 4.1.3.2).
 */
export function sessionCookieName(https = isHttps()): string {
  return https ? "__Host-gatehouse-session" : "gatehouse-session";
}

/** Returns options that protect the session cookie from scripts, cross-site requests and unencrypted connections. */
export function sessionCookieOptions() {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() } as const;
}

import { env } from "@/lib/core/env";

/** Whether people reach Gatehouse over https. */
export const isHttps = () => env().BASE_URL.startsWith("https:");

/** The name of the session's cookie. Over https its prefix binds it to this host (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName(https = isHttps()): string {
  return https ? "__Host-gatehouse-session" : "gatehouse-session";
}

/** How the session's cookie is kept from scripts, other sites and plain connections. */
export function sessionCookieOptions() {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() } as const;
}

import { isHttps } from "@/lib/sessions/cookie";

/** Returns the name of the cookie that carries the grant to replace an expired password. */
export function expiredGrantCookieName(https = isHttps()): string {
  return https ? "__Secure-gatehouse-expired" : "gatehouse-expired";
}

/** Returns options that limit the cookie to the one page that uses it and keep it from cross-site requests. */
export function expiredGrantCookieOptions() {
  return { httpOnly: true, sameSite: "strict", path: "/password-expired", secure: isHttps() } as const;
}

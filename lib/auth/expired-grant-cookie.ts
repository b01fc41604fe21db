import { isHttps } from "@/lib/sessions/cookie";

/** The cookie that carries the permission to replace an expired password. */
export function expiredGrantCookieName(https = isHttps()): string {
  return https ? "__Secure-gatehouse-expired" : "gatehouse-expired";
}

/** Sent to the one page that can use it, and to no page that another site opened. */
export function expiredGrantCookieOptions() {
  return { httpOnly: true, sameSite: "strict", path: "/password-expired", secure: isHttps() } as const;
}

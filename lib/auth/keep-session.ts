import "server-only";
import { cookies } from "next/headers";
import { sessionCookieName, sessionCookieOptions } from "@/lib/sessions/cookie";
import type { BrowserToken } from "@/lib/sessions/service/browser-session";

/** Writes the browser session's next token to its cookie, replacing the earlier one. */
export async function keepSession({ token, maxAgeSeconds }: BrowserToken): Promise<void> {
  (await cookies()).set(sessionCookieName(), token, { ...sessionCookieOptions(), maxAge: maxAgeSeconds });
}

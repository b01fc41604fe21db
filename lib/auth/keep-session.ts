import "server-only";
import { cookies } from "next/headers";
import { sessionCookieName, sessionCookieOptions } from "@/lib/sessions/cookie";
import type { BrowserToken } from "@/lib/sessions/service";

/** Puts the next token of the browser's session in the place of the one that its cookie holds. */
export async function keepSession({ token, maxAgeSeconds }: BrowserToken): Promise<void> {
  (await cookies()).set(sessionCookieName(), token, { ...sessionCookieOptions(), maxAge: maxAgeSeconds });
}

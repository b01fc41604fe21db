import "server-only";
import { cookies, headers } from "next/headers";
import { AuthError } from "next-auth";
import type { Person } from "@/lib/core/actor";
import { originOf } from "@/lib/core/origin";
import { sessionCookieName } from "@/lib/sessions/cookie";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { LoginRefused, signIn } from "./auth-js";
import { expiredGrantCookieName, expiredGrantCookieOptions } from "./expired-grant-cookie";
import type { LoginResult } from "./service/log-in";

type SignInResult = { ok: true; person: Person } | Exclude<LoginResult, { ok: true }>;

/**
 * Signs a person in from a browser: calls `logIn` through Auth.js, which sets the session cookie. The grant for an
 * expired password goes into a cookie of its own, so that it appears in no URL and no page.
 * @returns the person, read by their new session; "refused" also if that has ended already
 * @throws Refusal "overloaded", and whatever else `logIn` throws
 */
export async function signInWithPassword(input: { email: string; password: string }): Promise<SignInResult> {
  try {
    await signIn("credentials", { ...input, redirect: false, redirectTo: "/" });
    const token = (await cookies()).get(sessionCookieName())?.value ?? "";
    const person = await authenticate(token, "BROWSER", originOf(await headers()));
    // An administrator may have disabled the account since.
    return person ? { ok: true, person } : { ok: false, code: "refused" };
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (!(error instanceof LoginRefused)) throw error.cause?.err ?? error;
    const { result } = error;
    if (result.code === "password-expired") {
      (await cookies()).set(expiredGrantCookieName(), result.grant, expiredGrantCookieOptions());
    }
    return result;
  }
}

import "server-only";
import { cookies } from "next/headers";
import { AuthError } from "next-auth";
import { LoginRefused, signIn } from "./auth-js";
import { expiredGrantCookieName, expiredGrantCookieOptions } from "./expired-grant-cookie";
import type { LoginResult } from "./service/log-in";

type SignInResult = { ok: true } | Exclude<LoginResult, { ok: true }>;

/**
 * Signs a person in from a browser: calls `logIn` through Auth.js, which sets the session cookie. The grant for an
 * expired password goes into a cookie of its own, so that it appears in no URL and no page.
 * @throws Refusal "overloaded", and whatever else `logIn` throws
 */
export async function signInWithPassword(input: { email: string; password: string }): Promise<SignInResult> {
  try {
    await signIn("credentials", { ...input, redirect: false, redirectTo: "/" });
    return { ok: true };
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

import "server-only";
import { cookies } from "next/headers";
import NextAuth, { CredentialsSignin } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { env } from "@/lib/core/env";
import { originOf } from "@/lib/core/origin";
import { sessionCookieName, sessionCookieOptions } from "@/lib/sessions/cookie";
import { settingsInForce } from "@/lib/settings/service";
import { type LoginResult, logIn } from "./service/log-in";

declare module "next-auth" {
  interface User {
    /** The access token of the session that the login verb began. */
    accessToken?: string;
  }
}

/** Carries the login verb's answer through Auth.js to the action that began the sign-in. */
export class LoginRefused extends CredentialsSignin {
  constructor(readonly result: Exclude<LoginResult, { ok: true }>) {
    super();
  }
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Auth.js would write what it fails at to the console, with its stack; the actions tell the log themselves. */
const silent = { error: () => undefined, warn: () => undefined, debug: () => undefined };

/**
 * Auth.js, signing people in by e-mail and password and keeping the session's cookie. What is in the cookie is the
 * session's own access token (`lib/tokens`), and how long it is kept is a setting: hence a configuration for each
 * request. It has no routes: the login form calls `signIn` from a server action, and nothing else is needed.
 */
export const { signIn, signOut } = NextAuth(async () => {
  const { refreshTokenExpTime } = (await settingsInForce()).jwt.values;
  return {
    basePath: "/api/session",
    secret: env().SECRET_KEY.toString("base64"),
    trustHost: true,
    logger: silent,
    pages: { signIn: "/login", error: "/login" },
    session: { strategy: "jwt", maxAge: refreshTokenExpTime },
    cookies: { sessionToken: { name: sessionCookieName(), options: sessionCookieOptions() } },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize({ email, password }, request) {
          const actor = { kind: "anonymous", ...originOf(request.headers) } as const;
          const result = await logIn(actor, {
            email: text(email),
            password: text(password),
            kind: "BROWSER",
            leaves: (await cookies()).get(sessionCookieName())?.value,
          });
          if (!result.ok) throw new LoginRefused(result);
          return { id: result.userId, email: result.email, accessToken: result.token };
        },
      }),
    ],
    callbacks: {
      // Where to go after the login is the action's to say. To no address at all, Auth.js sets no cookie for it.
      redirect: () => "",
      jwt: ({ token, user }) => ({ ...token, accessToken: user?.accessToken ?? token.accessToken }),
    },
    jwt: {
      encode: async ({ token }) => text(token?.accessToken),
      // Who a token speaks for is decided by `authenticate`, which asks the database; Auth.js need not know.
      decode: async () => null,
    },
  };
});

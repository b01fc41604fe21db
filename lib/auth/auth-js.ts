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
    /** The access token of the session that `logIn` started. */
    accessToken?: string;
  }
}

/** Carries the refusal of `logIn` through Auth.js to the server action that called `signIn`. */
export class LoginRefused extends CredentialsSignin {
  constructor(readonly result: Exclude<LoginResult, { ok: true }>) {
    super();
  }
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Keeps Auth.js from printing its errors and their stacks to the console; the server actions log errors themselves. */
const silent = { error: () => undefined, warn: () => undefined, debug: () => undefined };

/**
 * Auth.js, used to sign people in by e-mail and password and to manage the session cookie. The cookie contains the
 * session's own access token (`lib/tokens`). Its lifetime is a setting, so the configuration is built for each request.
 * No Auth.js routes are mounted: the login form calls `signIn` from a server action (docs/decisions/0007).
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
            replacedToken: (await cookies()).get(sessionCookieName())?.value,
          });
          if (!result.ok) throw new LoginRefused(result);
          return { id: result.userId, email: result.email, accessToken: result.token };
        },
      }),
    ],
    callbacks: {
      // The server action decides where to redirect. With an empty URL, Auth.js sets no callback-URL cookie.
      redirect: () => "",
      // Called at a login only, because `decode` returns null.
      jwt: ({ user }) => ({ accessToken: user.accessToken }),
    },
    jwt: {
      encode: async ({ token }) => text(token?.accessToken),
      // `authenticate` verifies the token against the database; Auth.js need not read it.
      decode: async () => null,
    },
  };
});

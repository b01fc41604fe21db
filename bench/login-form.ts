import type { HttpClient } from "./http-client";
import { pageForm } from "./page-form";

/** The login page's form, sent as by a browser without scripts. */
export type LoginForm = Readonly<{
  /** Logs in and returns the session's cookie. @throws Error when nobody was logged in */
  submit: (email: string, password: string, headers?: Record<string, string>) => Promise<string>;
}>;

/** Reads the form from the login page. */
export async function loginForm(client: HttpClient): Promise<LoginForm> {
  const send = await pageForm(client, "/login");
  return {
    async submit(email, password, headers) {
      const answer = await send({ email, password }, headers);
      const cookie = answer.headers["set-cookie"]?.find((text) => text.startsWith("gatehouse-session="));
      if (answer.status !== 303 || !cookie) {
        throw new Error(`The login form was answered with ${answer.status} and no session.`);
      }
      return cookie.split(";", 1)[0] ?? "";
    },
  };
}

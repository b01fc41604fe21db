import { randomUUID } from "node:crypto";
import type { HttpClient } from "./http-client";

/** The login page's form as a browser without scripts sends it. */
export type LoginForm = Readonly<{
  /** Logs in and returns the session's cookie. @throws Error when nobody was logged in */
  submit: (email: string, password: string) => Promise<string>;
}>;

function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", "#x27": "'" };
  return text.replace(/&(quot|amp|lt|gt|#x27);/g, (_, name: string) => named[name] ?? "");
}

/** The names and values of the hidden fields, by which Next finds the action. */
function hiddenFields(html: string): [string, string][] {
  return [...html.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)].map(
    ([, name = "", value = ""]) => [unescapeHtml(name), unescapeHtml(value)],
  );
}

function multipart(fields: readonly (readonly [string, string])[], boundary: string): Buffer {
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${parts.join("")}--${boundary}--\r\n`);
}

/** Reads the form from the login page. */
export async function loginForm(client: HttpClient): Promise<LoginForm> {
  const fields = hiddenFields((await client.ask("/login")).body.toString("utf8"));
  const boundary = `----${randomUUID()}`;
  const headers = {
    "content-type": `multipart/form-data; boundary=${boundary}`,
    origin: client.origin,
    "sec-fetch-site": "same-origin",
  };
  return {
    async submit(email, password) {
      const body = multipart([...fields, ["email", email], ["password", password]], boundary);
      const answer = await client.ask("/login", { method: "POST", headers, body });
      const cookie = answer.headers["set-cookie"]?.find((text) => text.startsWith("gatehouse-session="));
      if (answer.status !== 303 || !cookie) {
        throw new Error(`The login form was answered with ${answer.status} and no session.`);
      }
      return cookie.split(";", 1)[0] ?? "";
    },
  };
}

import { expect } from "@playwright/test";
import { COOKIE } from "../../fixtures/test";
import { calls, type Role } from "../access-table";
import { send } from "../client";

/** Makes a call as somebody. @returns the status and ThingsBoard's error code, which tell whether they may */
export async function answerTo(url: string, call: string, userId: string, headers: Record<string, string>) {
  const [method = "", path = ""] = call.split(" ");
  const { status, body } = await send(url, {
    method,
    path: path.replace(/\{\w+\}/, userId),
    headers: { "content-type": "application/json", ...headers },
    // A body that no call accepts, so that the call has no effect where the caller is authorised.
    ...(method === "POST" && { body: "[]" }),
  });
  const { errorCode = null } = body.startsWith("{") ? JSON.parse(body) : {};
  return `${status} ${errorCode}`;
}

/** Makes every call in each role that may not, and with credentials that are no program's token. */
export async function expectCallsRefused(
  url: string,
  {
    cookies,
    tokens,
    userId,
  }: { cookies: Record<Role, string>; tokens: Record<Role, string>; userId: string },
): Promise<void> {
  const bearer = (token: string) => ({ "x-authorization": `Bearer ${token}` });
  const strangers: Record<string, Record<string, string>> = {
    "somebody with a forged token": bearer(`${tokens.SYS_ADMIN}x`),
    "a browser by its cookie": { cookie: cookies.SYS_ADMIN },
    "a browser by its token": bearer(cookies.SYS_ADMIN.slice(COOKIE.length + 1)),
  };
  for (const [call, access] of Object.entries(calls)) {
    const nobody = await answerTo(url, call, userId, {});
    if (access !== "anyone") expect(nobody, `${call} for nobody`).toBe("401 10");
    for (const [name, headers] of Object.entries(strangers)) {
      // Also where anyone may call: invalid credentials change nothing about the answer.
      expect(await answerTo(url, call, userId, headers), `${call} for ${name}`).toBe(nobody);
    }
    for (const role of ["CUSTOMER_USER", "TENANT_ADMIN"] as const) {
      if (access === "loggedIn") continue;
      const expected = access === "administrators" ? "403 20" : nobody;
      expect(await answerTo(url, call, userId, bearer(tokens[role])), `${call} for ${role}`).toBe(expected);
    }
  }
}

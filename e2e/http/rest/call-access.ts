import { expect } from "@playwright/test";
import { COOKIE } from "../../fixtures/test";
import { calls, type Role } from "../access-table";
import { send } from "../client";

/** What a call answers to somebody, as far as it tells who may make it: its status and ThingsBoard's number. */
export async function answerTo(url: string, call: string, userId: string, headers: Record<string, string>) {
  const [method = "", path = ""] = call.split(" ");
  const { status, body } = await send(url, {
    method,
    path: path.replace(/\{\w+\}/, userId),
    headers: { "content-type": "application/json", ...headers },
    // Nothing that any call takes, so that nothing comes of it where the caller is let in.
    ...(method === "POST" && { body: "[]" }),
  });
  const { errorCode = null } = body.startsWith("{") ? JSON.parse(body) : {};
  return `${status} ${errorCode}`;
}

/** Makes every call as everybody whom it is not for, and with whatever is no program's token. */
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
      // Where anybody may call, nobody is anything more by what they bring.
      expect(await answerTo(url, call, userId, headers), `${call} for ${name}`).toBe(nobody);
    }
    for (const role of ["CUSTOMER_USER", "TENANT_ADMIN"] as const) {
      if (access === "people") continue;
      const expected = access === "administrators" ? "403 20" : nobody;
      expect(await answerTo(url, call, userId, bearer(tokens[role])), `${call} for ${role}`).toBe(expected);
    }
  }
}

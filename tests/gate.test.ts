import { NextRequest } from "next/server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { pool } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { REQUEST_ID_HEADER } from "@/lib/core/origin";
import { passGate } from "@/lib/request/gate";
import { makeSettings, makeUser } from "./support/accounts";
import { loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";

const COOKIE = "gatehouse-session";
const MINUTE_MS = 60_000;

beforeAll(async () => {
  await emptyDatabase();
  await makeSettings({ jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
});

const pass = (path: string, token?: string, method = "GET", headers: Record<string, string> = {}) =>
  passGate(
    new NextRequest(new URL(path, "http://localhost:3000"), {
      method,
      headers: token === undefined ? headers : { ...headers, cookie: `theme=dark; ${COOKIE}=${token}` },
    }),
  );

/** Does something while the database lacks a table that the gate reads. */
async function withoutTables(work: () => Promise<void>): Promise<void> {
  await pool().query("ALTER TABLE signing_keys RENAME TO elsewhere");
  try {
    await work();
  } finally {
    await pool().query("ALTER TABLE elsewhere RENAME TO signing_keys");
  }
}

it.each([
  ["a page", "/audit?kind=login-failed", "/login?next=%2Faudit%3Fkind%3Dlogin-failed"],
  [
    "a file, for the page that offers it",
    "/audit/export?kind=login-failed",
    "/login?next=%2Faudit%3Fkind%3Dlogin-failed",
  ],
  ["the first page", "/", "/login"],
])("whoever is not logged in is led from %s to the login, and then on", async (_what, asked, led) => {
  const answer = await pass(asked);
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `http://localhost:3000${led}`]);
});

it.each([
  ["question mark", "/activate%3Ftoken=9bQL-2x_", "/activate?token=9bQL-2x_"],
  ["question mark and equals sign", "/reset-password%3ftoken%3d9bQL-2x_", "/reset-password?token=9bQL-2x_"],
  ["equals sign", "/unlock?token%3D9bQL-2x_", "/unlock?token=9bQL-2x_"],
  ["whole query", "/activate%3Ftoken%3D9bQL-2x_%26utm_source%3Dmail", "/activate?token=9bQL-2x_"],
])(
  "a mailed link with an encoded %s leads to its page, also from another’s session",
  async (_what, asked, led) => {
    const { token } = await loggedIn(await makeUser());
    for (const session of [undefined, token]) {
      const answer = await pass(asked, session);
      expect([answer.status, answer.headers.get("location")]).toEqual([303, `http://localhost:3000${led}`]);
    }
    expect((await pass(asked, undefined, "POST")).headers.get("location")).toBeNull();
  },
);

it("a password manager is led to the form that changes a password, and told what does not exist", async () => {
  const answer = await pass("/.well-known/change-password");
  expect([answer.status, answer.headers.get("location")]).toEqual([
    303,
    "http://localhost:3000/account/password",
  ]);
  for (const path of ["/.well-known/resource-that-should-not-exist", "/.well-known/change-password/x"])
    expect((await pass(path)).headers.get("location"), path).toBeNull();
  expect((await pass("/.well-known")).headers.get("location")).toContain("/login?next=");
});

it.each(["/login", "/activate?token=9bQL-2x_"])("%s waits for a database without tables", async (path) => {
  expect((await pass(path)).status).toBe(200);
  await withoutTables(async () => expect((await pass(path)).status).toBe(503));
});

it.each(["/link-expired?kind=reset", "/scan-in-app"])("%s needs no database, nor a session", async (path) => {
  await withoutTables(async () => expect((await pass(path)).status).toBe(200));
});

it("whom a database without tables keeps out is told so, by the page or by the action, and so is the log", async () => {
  const { token } = await loggedIn(await makeUser());
  const said = vi.spyOn(log(), "error").mockReturnValue();
  await withoutTables(async () => {
    const page = await pass("/audit", token, "POST", { [REQUEST_ID_HEADER]: "page" });
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining("<code>page</code>")]);
    const action = await pass("/audit", token, "POST", { [REQUEST_ID_HEADER]: "action", "next-action": "x" });
    expect(action.headers.get("x-middleware-request-x-gatehouse-failure")).toBe("unavailable");
  });
  expect(said.mock.calls).toEqual(
    ["page", "action"].map((requestId) => [{ event: "database-away", requestId, err: expect.any(Error) }]),
  );
  said.mockRestore();
});

it("whose session has ended is told so by the login, and whoever is there already stays", async () => {
  const to = async (...asked: Parameters<typeof pass>) => (await pass(...asked)).headers.get("location");
  expect(await to("/audit", "x")).toBe("http://localhost:3000/login?next=%2Faudit&notice=session-ended");
  expect(await to("/", "x")).toBe("http://localhost:3000/login?notice=session-ended");
  expect(await to("/login", "x")).toBeNull();
  expect(await to("/audit", "x", "POST")).toBeNull();
});

describe("a token that has expired", () => {
  const returnAfter = async (minutes: number, path: string, method = "GET") => {
    const { token } = await loggedIn(await makeUser(), { now: new Date(Date.now() - minutes * MINUTE_MS) });
    const answer = await pass(path, token, method);
    return { token, answer, stored: answer.cookies.get(COOKIE) };
  };

  it.each(["/audit", "/login"])(
    "is renewed for %s, which sees the new one, as the browser does",
    async (path) => {
      const { token, answer, stored } = await returnAfter(14, path);
      expect(stored).toMatchObject({ maxAge: 900, httpOnly: true, sameSite: "lax", path: "/" });
      expect(stored?.value).not.toBe(token);
      expect(answer.headers.get("x-middleware-request-cookie")).toBe(
        `theme=dark; ${COOKIE}=${stored?.value}`,
      );
    },
  );

  it("is renewed for the form of a link, whose answer depends on who is logged in here", async () => {
    expect((await returnAfter(14, "/activate", "POST")).stored).toBeDefined();
  });

  it("stays as it is where nobody needs it, and after the refresh time", async () => {
    expect((await returnAfter(14, "/forgot-password")).stored).toBeUndefined();
    expect((await returnAfter(14, "/login", "POST")).stored).toBeUndefined();
    expect((await returnAfter(16, "/audit")).stored).toBeUndefined();
  });
});

it.each([
  ...["activate", "reset-password", "password-expired", "unlock", "scan-in-app"].map(
    (page) => `/${page}?x=y`,
  ),
  ...["activate?x=y", "resetPassword?x=y", "qr/y", "qr?x=y"].map((call) => `/api/noauth/${call}`),
])("nobody is told of %s, which may be a secret", async (path) => {
  expect((await pass(path)).headers.get("referrer-policy")).toBe("no-referrer");
});

it.each([
  ["a page", "/login", "no-store", "same-origin"],
  ["a call", "/api/noauth/qr/x", "no-store", "no-referrer"],
  ["an asset", "/_next/static/x.js", null, "same-origin"],
  ["what only looks like one", "/users/x.svg", "no-store", "same-origin"],
  ["what Next serves that is none", "/_next/image?url=x", "no-store", "same-origin"],
])(
  "%s is kept by the browser, and told to others, no more than it may be",
  async (_what, path, cache, referrer) => {
    const { headers } = await pass(path);
    expect([headers.get("cache-control"), headers.get("referrer-policy")]).toEqual([cache, referrer]);
  },
);

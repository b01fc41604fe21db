import { readFileSync } from "node:fs";
import { decodeJwt } from "jose";
import { snapshot } from "../fixtures/snapshot";
import { COOKIE, expect } from "../fixtures/test";
import { startWithoutProxy } from "../fixtures/without-proxy";
import { actions, pages, type Role, roles } from "./access-table";
import { actionNamed, answerOf, builtActions, callAction, callFormAction } from "./actions";
import { builtPages } from "./built-addresses";
import { type Got, send } from "./client";
import { expectCallsRefused } from "./rest/call-access";
import { tableTest } from "./table-test";

/** Fields of a logged-in person's forms; they would change something if an action accepted them. */
const fieldsOf = (cookie: string) => ({
  person: String(decodeJwt(cookie.slice(COOKIE.length + 1)).userId),
  firstName: "Mallory",
  lastName: "M",
  which: "others",
  session: "",
  password: "x",
  currentPassword: "x",
  newPassword: "y",
});

/** The only tables that a refused attempt may change: it is counted and audited. */
const ALLOWED_CHANGES = ["rate_limits", "audit_events"];

/** Requests a page, or its RSC payload, for which Next first redirects to a URL with an `_rsc` parameter. */
async function open(url: string, path: string, cookie: string, isPayload: boolean): Promise<Got> {
  const accept = "text/html,*/*";
  if (!isPayload) return send(url, { path, headers: { accept, cookie } });
  const headers = { accept, cookie, rsc: "1" };
  const answer = await send(url, { path, headers });
  const again = new URL(answer.headers.location ?? "", url);
  if (again.pathname !== path || !again.searchParams.has("_rsc")) return answer;
  return send(url, { path: again.pathname + again.search, headers });
}

/** The path that an answer redirects to, by its Location header or inside an RSC payload. */
function redirectTarget({ headers, body }: Got, url: string): string | null {
  const inPayload = /"digest":"NEXT_REDIRECT;\w+;([^;]+);/.exec(body)?.[1];
  const location =
    headers.location ?? (headers["content-type"]?.includes("x-component") ? inPayload : undefined);
  return location === undefined ? null : new URL(location, url).pathname;
}

/** Requests every page in every role, and with a forged token. */
async function expectPages(url: string, cookies: Record<Role, string>, userId: string): Promise<void> {
  const callers = roles.map((role) => ({ role, name: role as string, cookie: cookies[role] }));
  callers.push({ role: "nobody", name: "somebody with a forged token", cookie: `${cookies.SYS_ADMIN}x` });
  for (const [pattern, access] of Object.entries(pages)) {
    const path = pattern.replace("[id]", userId).replace("[panel]/[version]", "general/1");
    for (const { role, name, cookie } of callers) {
      for (const isPayload of [false, true]) {
        const answer = await open(url, path, cookie, isPayload);
        const outcome = redirectTarget(answer, url) ?? (answer.status === 200 ? "shown" : answer.status);
        expect(outcome, `${path} for ${name}${isPayload ? ", as a payload" : ""}`).toBe(access[role]);
      }
    }
  }
}

/** Calls every action that is not for anyone, in each role that it is not for. */
async function expectActionsRefused(url: string, cookies: Record<Role, string>): Promise<void> {
  for (const action of builtActions()) {
    if (actions[action.title] === "loggedIn") {
      const fields = fieldsOf(cookies.CUSTOMER_USER);
      await callFormAction(url, action, fields);
      await callFormAction(url, action, fields, { cookie: `${cookies.CUSTOMER_USER}x` });
    }
    if (actions[action.title] !== "administrators") continue;
    for (const role of ["nobody", "CUSTOMER_USER", "TENANT_ADMIN"] as const) {
      const answer = await callAction(url, action, "[{}]", { cookie: cookies[role] });
      const code = role === "nobody" ? "unauthenticated" : "forbidden";
      expect(answerOf(answer), `${action.title} for ${role}`).toMatchObject({ ok: false, code });
    }
  }
}

tableTest(
  "every page is shown to those it is for, and to nobody else",
  async ({ cookies, product, userId }) => {
    expect(builtPages().sort()).toEqual(Object.keys(pages).sort());
    await expectPages(product.url, cookies, userId);
  },
);

tableTest(
  "nothing depends on the proxy: with it removed, pages, actions and calls refuse all the same",
  async ({ cookies, product, sql, tokens, userId }) => {
    const exposed = await startWithoutProxy(product.env);
    try {
      const gated = await send(product.url, { path: "/nowhere" });
      const open = await send(exposed.url, { path: "/nowhere" });
      expect([gated.status, open.status], "the proxy is there, and is not").toEqual([303, 404]);
      const before = await snapshot(sql, ALLOWED_CHANGES);
      await expectPages(exposed.url, cookies, userId);
      await expectActionsRefused(exposed.url, cookies);
      await expectCallsRefused(exposed.url, { cookies, tokens, userId });
      expect(await snapshot(sql, ALLOWED_CHANGES)).toEqual(before);
    } finally {
      await exposed.stop();
    }
  },
);

tableTest("every action serves only those it is for", async ({ cookies, product, sql }) => {
  const built = builtActions();
  expect(built.map(({ title }) => title).sort()).toEqual(Object.keys(actions).sort());
  const before = await snapshot(sql, ALLOWED_CHANGES);
  await expectActionsRefused(product.url, cookies);
  expect(await snapshot(sql, ALLOWED_CHANGES)).toEqual(before);

  await tableTest.step("with a session, the same calls come further", async () => {
    const cookie = cookies.SYS_ADMIN;
    const proposed = await callAction(product.url, actionNamed("generateKey"), '["$undefined"]', { cookie });
    expect(answerOf(proposed)).toMatchObject({ key: expect.stringMatching(/^[\w+/]{86}==$/) });
    const own = cookies.CUSTOMER_USER;
    await callFormAction(product.url, actionNamed("saveProfile"), fieldsOf(own), { cookie: own });
    expect(await sql("SELECT FROM users WHERE first_name = 'Mallory'")).toHaveLength(1);
  });
});

tableTest(
  "no other spelling of an address, and no header, opens a page",
  async ({ cookies, product, sql }) => {
    const [key] = await sql<{ fingerprint: string }>("SELECT fingerprint FROM signing_keys");
    const buildId = readFileSync(".next/BUILD_ID", "utf8").trim();
    const middleware = "proxy:proxy:proxy:proxy:proxy";
    const spellings = [
      "/settings/security/",
      "/settings//security",
      "/%73ettings/security",
      "/settings%2Fsecurity",
      "/settings%252Fsecurity",
      "/SETTINGS/SECURITY",
      "/./settings/security",
      "/login/../settings/security",
      "/login/%2e%2e/settings/security",
      "/_next/static/../../settings/security",
      "/_next/static/%2e%2e/%2e%2e/settings/security",
      "/_next/static/..%2f..%2fsettings/security",
      "/settings/security;.png",
      "/settings/security.png",
      "/settings/security.rsc",
      "/settings/security.txt",
      "/settings/security.segments/_tree.segment.rsc",
      "/settings/security?_rsc=1",
      `/_next/data/${buildId}/settings/security.json`,
      `/_next/static/${buildId}/settings/security`,
      "/_next/image?url=%2Fsettings%2Fsecurity&w=64&q=75",
      "/settings/security%00.png",
      "/api/health/../../settings/security",
      "/api/session/session",
      "/api/auth/session",
    ];
    const forgedHeaders: Record<string, string>[] = [
      {},
      { rsc: "1", "next-router-prefetch": "1" },
      { rsc: "1", "next-router-segment-prefetch": "/_tree" },
      { "x-middleware-subrequest": middleware },
      { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
      { "x-middleware-prefetch": "1", "x-nextjs-data": "1" },
      { "x-matched-path": "/login", "x-invoke-path": "/login", "x-forwarded-host": "localhost" },
      { "x-original-url": "/login", "x-rewrite-url": "/login" },
    ];
    const shown = await send(product.url, {
      path: "/settings/security",
      headers: { cookie: cookies.SYS_ADMIN },
    });
    expect(shown.body, "the sign by which the page is known").toContain(key?.fingerprint);
    for (const role of ["nobody", "CUSTOMER_USER"] as const) {
      const tries = [
        ...spellings.map((path) => ({ path, headers: {} })),
        ...forgedHeaders.map((headers) => ({ path: "/settings/security", headers })),
      ];
      for (const { path, headers } of tries) {
        const answer = await send(product.url, { path, headers: { cookie: cookies[role], ...headers } });
        const name = `${path} ${JSON.stringify(headers)} for ${role}: ${answer.status}`;
        expect(answer.status, name).toBeLessThan(500);
        expect(answer.body, name).not.toContain(key?.fingerprint);
        expect(answer.body, name).not.toContain("maxFailedLoginAttempts");
      }
    }
  },
);

tableTest("a token that was tampered with authenticates nobody", async ({ cookies, product }) => {
  const token = cookies.SYS_ADMIN.slice(COOKIE.length + 1);
  const [head = "", payload = "", signature = ""] = token.split(".");
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const decode = (part: string) =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const other = (cookies.CUSTOMER_USER.split(".")[2] ?? "").trim();
  const forged = [
    "",
    "x",
    `${head}.${payload}.`,
    `${head}.${payload}.${other}`,
    `${head}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
    `${encode({ ...decode(head), alg: "none" })}.${payload}.`,
    `${encode({ ...decode(head), alg: "HS256" })}.${payload}.${signature}`,
    `${encode({ ...decode(head), kid: "../../dev/null" })}.${payload}.${signature}`,
    `${encode({ ...decode(head), jku: "https://evil.example", crit: ["x"] })}.${payload}.${signature}`,
    `${head}.${encode({ ...decode(payload), exp: 4_000_000_000 })}.${signature}`,
    `${head}.${encode({ ...decode(payload), sessionId: "00000000-0000-0000-0000-000000000000" })}.${signature}`,
    `${"A".repeat(6_000)}.${payload}.${signature}`,
  ];
  const untouched = await send(product.url, { path: "/audit", headers: { cookie: cookies.SYS_ADMIN } });
  expect(untouched.status).toBe(200);
  for (const text of forged) {
    const answer = await send(product.url, { path: "/audit", headers: { cookie: `${COOKIE}=${text}` } });
    expect(answer.status, text.slice(0, 300)).toBe(303);
    expect(answer.headers, "a stranger gets no session").not.toHaveProperty("set-cookie");
  }
});

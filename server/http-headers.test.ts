import { describe, expect, it } from "vitest";
import { EMPTY_HEADER, MAX_USER_AGENT_LENGTH } from "@/lib/core/origin";
import { type Answer, ask, echo, front, listen, testFronts } from "@/tests/support/front";
import type { Handler } from "./http";

process.env.LOG_LEVEL = "silent";

testFronts();

describe("the headers of the front", () => {
  it("gives each request an id of ours, whatever the client says", async () => {
    await listen();
    const { headers } = await ask("/", { "x-request-id": "mine" });
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-/);
    expect(front.seen[0]?.headers["x-request-id"]).toBe(headers["x-request-id"]);
  });

  it("treats Next's own request on behalf of a client's as that client's, and refuses a forged one", async () => {
    const inner: Answer[] = [];
    await listen({ baseUrl: "https://gate.example.org", trustedProxies: 1 }, async (req, res) => {
      if (req.url === "/action") {
        const id = String(req.headers["x-request-id"]);
        inner.push(await ask("/account", { host: `127.0.0.1:${front.port}`, "x-request-id": id }));
        inner.push(await ask("/account", { host: `127.0.0.1:${front.port}`, "x-request-id": `${id}0` }));
      }
      await echo(req, res);
    });
    const proxied = { host: "gate.example.org", "x-forwarded-for": "192.0.2.7" };
    const { headers } = await ask("/action", { ...proxied, origin: "https://gate.example.org" }, [""]);
    expect(inner.map(({ status }) => status)).toEqual([200, 421]);
    expect(front.seen[0]?.headers).toMatchObject({
      host: "gate.example.org",
      "x-gatehouse-address": "192.0.2.7",
    });
    expect(front.seen[0]?.headers["x-request-id"]).not.toBe(headers["x-request-id"]);
    const late = await ask("/account", { "x-request-id": String(headers["x-request-id"]), host: "other" });
    expect(late.status).toBe(421);
  });

  it.each([
    ["no script run in production", false, "script-src 'none';"],
    [
      "Next's error page run its scripts in development",
      true,
      "script-src 'self' 'unsafe-inline' 'unsafe-eval';",
    ],
  ])("lets %s, where a page has no nonce", async (_name, isDev, scripts) => {
    await listen({ isDev });
    expect((await ask("/")).headers["content-security-policy"]).toContain(scripts);
  });

  it("drops headers that a client may not set", async () => {
    await listen();
    await ask("/account?next=/", {
      "x-gatehouse-address": "6.6.6.6",
      "x-gatehouse-path": "/audit",
      "x-gatehouse-failure": "unavailable",
      "x-middleware-subrequest": "proxy:proxy",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "6666",
      forwarded: "for=6.6.6.6",
      "x-real-ip": "6.6.6.6",
      "x-matched-path": "/login",
      "x-invoke-path": "/login",
      "x-nextjs-rewritten-path": "/login",
      // With it, Next would answer as to its other router: a redirect without its Location.
      "x-nextjs-data": "1",
      // In development Next's own browser code needs these.
      "x-nextjs-request-id": "1",
      "x-nextjs-html-request-id": "1",
    });
    expect(front.seen[0]?.headers).toMatchObject({
      "x-gatehouse-address": "127.0.0.1",
      "x-gatehouse-path": "/account",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "localhost:3000",
      "x-forwarded-proto": "http",
    });
    const kept = Object.keys(front.seen[0]?.headers ?? {}).filter((name) => /^x-|forwarded/.test(name));
    expect(kept.sort()).toEqual([
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
      "x-gatehouse-address",
      "x-gatehouse-path",
      "x-nextjs-html-request-id",
      "x-nextjs-request-id",
      "x-request-id",
    ]);
  });

  it("drops from a call, and from nothing else, the cookies and the headers of Next's own browser code", async () => {
    await listen();
    const sent = { cookie: "a=b", rsc: "1", "next-url": "/" };
    for (const path of ["/account", "/api/auth/user"]) await ask(path, sent);
    const [ofPage, ofCall] = front.seen.map(({ headers }) => headers);
    expect(ofPage).toMatchObject(sent);
    for (const name of Object.keys(sent)) expect(ofCall).not.toHaveProperty(name);
  });

  it("drops a client's Range header", async () => {
    await listen();
    await ask("/favicon.ico", { range: "bytes=9999999-" });
    expect(front.seen[0]?.headers).not.toHaveProperty("range");
  });

  it("drops what asks Next to render a page as if it were cached, and keeps its other requests for data", async () => {
    await listen();
    for (const ahead of ["1", "2", "3"]) await ask("/users", { rsc: "1", "next-router-prefetch": ahead });
    const kept = front.seen.map(({ headers }) => headers["next-router-prefetch"]);
    expect(kept).toEqual(["1", undefined, undefined]);
  });

  it("drops the Origin null of our page without a referrer, which Next would refuse, and takes no other's", async () => {
    await listen();
    const post = (site: string) => ask("/unlock", { origin: "null", "sec-fetch-site": site }, [""]);
    expect((await post("same-origin")).status).toBe(200);
    expect(front.seen[0]?.headers).not.toHaveProperty("origin");
    for (const site of ["none", "same-site", "cross-site"]) expect((await post(site)).status).toBe(403);
  });

  it("cuts a user agent to what is kept of it, because Next's time grows with its length", async () => {
    await listen();
    for (const path of ["/login", "/api/auth/user"]) {
      await ask(path, { "user-agent": "a-Googl".repeat(2_000) });
      await ask(path, { "user-agent": "tb-app/1.0" });
    }
    const whole = "a-Googl".repeat(2_000).slice(0, MAX_USER_AGENT_LENGTH);
    expect(front.seen.map(({ headers }) => headers["user-agent"])).toEqual([
      whole,
      "tb-app/1.0",
      whole,
      "tb-app/1.0",
    ]);
  });

  it("puts the security headers on its own answers and on Next's", async () => {
    await listen({ baseUrl: "https://id.example.com" });
    for (const host of ["id.example.com", "evil.example"]) {
      const { headers } = await ask("/", { host });
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringContaining("script-src 'none'"),
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
      });
    }
    front.server.close();
    await listen();
    expect((await ask("/")).headers).not.toHaveProperty("strict-transport-security");
  });

  it("forbids caching, and sending as the referrer, a page's URL that is redirected, which may hold a link's secret", async () => {
    const redirectPermanently: Handler = async (_req, res) =>
      void res.writeHead(308, { location: "/activate" }).end();
    await listen({}, redirectPermanently);
    const held = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
    const dots = [
      "/activate/.?token=x",
      "/activate/x/..?token=x",
      "/activate/%2E?token=x",
      "/activate/.%2e?token=x",
    ];
    for (const path of ["/activate/?token=x", "/link//expired?token=x", ...dots]) {
      expect((await ask(path)).headers, path).toMatchObject(held);
    }
    for (const path of ["/", "/activate?next=/a/", "/activate?next=/.", "/_next/static/x.js", "/..."]) {
      expect((await ask(path)).headers, path).not.toHaveProperty("cache-control");
    }
  });

  it("announces a length of 0 for a call's answer without content, and only for that", async () => {
    // Writes the head before the body, as compression does.
    await listen({}, async ({ url }, response) => {
      if (url === "/api/empty") response.setHeader(EMPTY_HEADER, "1");
      response.writeHead(200);
      response.end(url === "/api/full" ? "{}" : "");
    });
    const empty = await ask("/api/empty");
    expect(empty).toMatchObject({ body: "", headers: { "content-length": "0" } });
    expect(empty.headers).not.toHaveProperty(EMPTY_HEADER);
    const full = await ask("/api/full");
    expect(full).toMatchObject({ body: "{}", headers: { "transfer-encoding": "chunked" } });
  });
});

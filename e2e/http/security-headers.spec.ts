import { COOKIE, expect, test } from "../fixtures/test";
import { fromOwnPage, type Sent, send } from "./client";
import { submitLogin } from "./login-form";
import { expectSecure } from "./secure-answer";

test("every kind of answer has the headers, and scripts run by a nonce that is used once", async ({
  administrator: { cookie },
  product,
}) => {
  const own = fromOwnPage(product.url);
  const login = await send(product.url, { path: "/login" });
  const script = /\/_next\/static\/[^"]+\.js/.exec(login.body)?.[0] ?? "";

  const asked = await send(product.url, { path: "/settings/security", headers: { cookie, rsc: "1" } });
  const payload = asked.headers.location ?? "";

  const answers: [string, Sent, number][] = [
    ["a page", { path: "/login" }, 200],
    ["a page behind the login", { path: "/settings/security", headers: { cookie } }, 200],
    ["its payload", { path: payload, headers: { cookie, rsc: "1" } }, 200],
    ["what there is not", { path: "/nowhere", headers: { cookie } }, 404],
    ["a redirect of the gate", { path: "/settings/security" }, 303],
    ["a redirect of a page", { path: "/activate?token=x" }, 307],
    ["an asset", { path: script }, 200],
    ["an asset that is not there", { path: "/_next/static/nothing.js" }, 404],
    ["the icon", { path: "/favicon.ico" }, 200],
    ["the health", { path: "/api/health" }, 200],
    ["no path", { path: "//evil.example/" }, 400],
    ["a foreign post", { method: "POST", path: "/login", headers: { origin: "https://evil.example" } }, 403],
    ["a post from nowhere", { method: "POST", path: "/login" }, 403],
    ["another method", { method: "DELETE", path: "/login", headers: own }, 405],
    [
      "too large a body",
      { method: "POST", path: "/login", headers: own, body: Buffer.alloc(1_048_577) },
      413,
    ],
    ["another name", { path: "/login", headers: { host: "evil.example" } }, 421],
  ];
  const nonces = new Set<string>();
  let pages = 0;
  for (const [what, sent, status] of answers) {
    const answer = await send(product.url, sent);
    expect(answer.status, what).toBe(status);
    expectSecure(answer, what);
    const isAsset = status === 200 && /\.(?:js|ico)$/.test(sent.path);
    if (!isAsset) expect(answer.headers["cache-control"], what).toContain("no-store");
    if (!answer.headers["content-type"]?.startsWith("text/html")) continue;
    pages += 1;
    const nonce = /'nonce-([^']+)'/.exec(answer.headers["content-security-policy"] ?? "")?.[1] ?? "none";
    nonces.add(nonce);
    for (const [tag] of answer.body.matchAll(/<(?:script|style)\b[^>]*>/g)) {
      expect(tag, what).toContain(`nonce="${nonce}"`);
    }
    expect(answer.body, what).not.toMatch(/<[^>]+\s(?:on[a-z]+|style)=/i);
    const foreign = answer.body.match(/(?:src|href|action)="(?:[a-z]+:)?\/\/[^"]*"/gi) ?? [];
    expect(foreign, what).toEqual([]);
  }
  expect(pages).toBeGreaterThanOrEqual(3);
  expect(nonces.size, "a nonce for each page").toBe(pages);
});

test("pages whose address is a secret tell nobody where the reader came from", async ({
  arrange,
  product,
}) => {
  const { activationLink } = await arrange("provision");
  const path = (activationLink?.url ?? "").slice(product.url.length);
  const answer = await send(product.url, { path });
  expect(answer.status).toBe(200);
  expect(answer.headers["referrer-policy"]).toBe("no-referrer");
});

test("a login leaves the session's cookie, and no other", async ({ arrange, product }) => {
  const { email, password } = await arrange("makeUser");
  const { headers } = await submitLogin(product.url, email, password);
  const names = [...(headers["set-cookie"] ?? "").matchAll(/(?:^|,)([\w.-]+)=/g)].map(([, name]) => name);
  expect(names).toEqual([COOKIE]);
});

test("a page's scripts come compressed, and need not be asked for again", async ({ product }) => {
  const login = await send(product.url, { path: "/login" });
  const [script = ""] = /\/_next\/static\/[^"]+\.js/.exec(login.body) ?? [];
  const { status, headers } = await send(product.url, { path: script, headers: { "accept-encoding": "br" } });
  expect([status, headers["content-encoding"]]).toEqual([200, "br"]);
  expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

import { COOKIE, EXPIRED_COOKIE, expect, test } from "../fixtures/test";
import { actionNamed } from "./actions";
import { fromOwnPage, type Sent, send } from "./client";

const MULTIPART = "multipart/form-data; boundary=x";
const DEEP = "[".repeat(5_000) + "]".repeat(5_000);

const part = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const form = (...fields: [string, string][]) => `${fields.map(([n, v]) => part(n, v)).join("")}--x--\r\n`;

/** A log line about a request. */
type Line = { level: string; event: string; requestId?: string };

const linesOf = (output: string, requestId: string): Line[] =>
  output
    .split("\n")
    .filter((line) => line.includes(requestId))
    .map((line) => JSON.parse(line));

test("an unreadable form is answered as the client's error, with a line in the log and no stack", async ({
  product,
}) => {
  const { id } = actionNamed("logIn");
  const asForm = { "content-type": MULTIPART };
  const asAction = { "content-type": "text/plain;charset=UTF-8", "next-action": id };
  const reference = (...more: [string, string][]) => form(["$ACTION_REF_1", ""], ...more);
  const posts: [what: string, headers: Record<string, string>, body: string | Buffer][] = [
    ["a form without a boundary", { "content-type": "multipart/form-data" }, "email=a"],
    ["with an empty one", { "content-type": "multipart/form-data; boundary=" }, form(["email", "a"])],
    ["with another one", { "content-type": "multipart/form-data; boundary=y" }, form(["email", "a"])],
    ["with nothing in it", asForm, ""],
    ["that is cut off", asForm, part("email", "ada").slice(0, -9)],
    ["that does not end", asForm, part("email", "ada")],
    ["whose part has no name", asForm, "--x\r\n\r\nada\r\n--x--\r\n"],
    [
      "for an action whose arguments are not there",
      asForm,
      reference(["$ACTION_1:0", `{"id":"${id}","bound":"$F9"}`]),
    ],
    [
      "nested beyond sense",
      asForm,
      reference(["$ACTION_1:0", `{"id":"${id}","bound":"$@1"}`], ["$ACTION_1:1", DEEP]),
    ],
    ["an action's arguments that are missing", asAction, ""],
    ["that are no JSON", asAction, "{password"],
    ["that are no list", asAction, "null"],
    ["that are nowhere", asAction, '["$F1"]'],
    ["that are nested beyond sense", asAction, DEEP],
    ["that are too many", asAction, `[${"1,".repeat(1_200)}1]`],
    ["in UTF-16", asAction, Buffer.from('[{"a":1}]', "utf16le")],
    ["as a form without a boundary", { ...asAction, "content-type": "multipart/form-data" }, "x"],
    ["as a form that is cut off", { ...asAction, ...asForm }, part("0", "[]").slice(0, -9)],
    ["as a form that lacks them", { ...asAction, ...asForm }, form(["a", "b"])],
  ];
  for (const [what, headers, body] of posts) {
    for (const path of ["/login", "/nowhere"]) {
      // A page without this action answers that there is no such action, whatever the arguments.
      if (path === "/nowhere" && `${headers["next-action"]}${body}`.includes(id)) continue;
      const own = { ...fromOwnPage(product.url), accept: "*/*", ...headers };
      const answer = await send(product.url, { method: "POST", path, headers: own, body });
      expect(answer.status, `${what}, to ${path}`).toBe(400);
      expect(answer.headers["content-type"], what).toContain("text/plain");
      expect(answer.body, what).toMatch(/^The form could not be read\./);
      const requestId = answer.headers["x-request-id"] ?? "none";
      const events = () => linesOf(product.output(), requestId).map(({ event, level }) => [event, level]);
      await expect.poll(events, what).toEqual(
        expect.arrayContaining([
          ["form-unreadable", "info"],
          ["request", "info"],
        ]),
      );
      expect(events(), what).toHaveLength(2);
    }
  }
  expect(product.output()).not.toContain("{password");
});

test("no header, cookie or URL from outside makes the server fail", async ({
  administrator: { cookie: session },
  product,
}) => {
  const { id } = actionNamed("logIn");
  const own = fromOwnPage(product.url);
  const act = (headers: Record<string, string>): Sent => ({
    method: "POST",
    path: "/login",
    headers: { ...own, "content-type": "text/plain;charset=UTF-8", "next-action": id, ...headers },
    body: "[{}]",
  });
  const read = (path: string, headers: Record<string, string> = {}): Sent => ({ path, headers });
  const tree = (value: unknown) => ({
    rsc: "1",
    "next-router-state-tree": encodeURIComponent(JSON.stringify(value)),
  });
  // Invalid UTF-8, an invalid escape, encoded control characters, the shape of a JWT, and longer than any secret.
  const garbage = ["%ff", "%zz", "%00%0d%0a", "a.b.c", "x".repeat(4_000)];
  const asked: [what: string, sent: Sent][] = [
    ...[
      "application/json",
      "application/x-www-form-urlencoded",
      ";;;",
      "multipart/mixed; boundary=x",
      "",
    ].map((type): [string, Sent] => [`an action as ${type}`, act({ "content-type": type })]),
    ["an action packed", act({ "content-encoding": "gzip" })],
    ...["garbage", "", "__proto__", "ÿþ", `${id}, ${id}`, `7f${"0".repeat(40)}`].map(
      (name): [string, Sent] => [`the action ${name}`, act({ "next-action": name })],
    ),
    ["an action as passed on", act({ "x-action-forwarded": "1" })],
    ["an action on another page", { ...act({}), path: "/nowhere" }],
    ["an action with a tree that is none", act({ "next-router-state-tree": "%" })],
    ["a post of no form", { method: "POST", path: "/login", headers: own, body: "a=%ff" }],
    ["a post to an asset", { method: "POST", path: "/favicon.ico", headers: own, body: "x" }],
    [
      "a resumed page",
      { method: "POST", path: "/login", headers: { ...own, "next-resume": "1" }, body: "x" },
    ],
    ["a payload asked for otherwise", read("/login", { rsc: "garbage" })],
    ["a tree of garbage", read("/login", { rsc: "1", "next-router-state-tree": "garbage" })],
    ["a tree of no UTF-8", read("/login", { rsc: "1", "next-router-state-tree": "%ff" })],
    ["a tree of another kind", read("/login", tree(["", { children: 7 }]))],
    ["a tree with a prototype", read("/login", tree(["__proto__", { ["__proto__"]: ["x", {}] }]))],
    ["a tree without end", read("/login", { rsc: "1", "next-router-state-tree": DEEP })],
    [
      "a segment ahead",
      read("/login", { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" }),
    ],
    [
      "a segment of garbage",
      read("/login", { rsc: "1", "next-router-prefetch": "x", "next-router-segment-prefetch": "../%" }),
    ],
    ...["2", "3"].map((ahead): [string, Sent] => [
      `a page ahead, of kind ${ahead}`,
      read("/activate?token=x", { rsc: "1", "next-router-prefetch": ahead }),
    ]),
    ["an address within", read("/login", { rsc: "1", "next-url": "http://[" })],
    ["a refresh", read("/login", { rsc: "1", "next-hmr-refresh": "1" })],
    ["payloads' addresses", read("/login.segments/%.segment.rsc")],
    ["data of garbage", read("/_next/data/%/login.json")],
    ["data", read("/_next/data/x/login.json", { "x-nextjs-data": "1" })],
    ["an image", read("/_next/image?url=%ff&w=64&q=75")],
    ["an image elsewhere", read("/_next/image?url=http://127.0.0.1:9/&w=64&q=75")],
    ["an asset of no UTF-8", read("/_next/static/%ff.js")],
    ["an asset outside", read("/_next/static/..%2f..%2fserver/app/page.js")],
    ["a part that there is not", read("/favicon.ico", { range: "bytes=9999999-" })],
    ["a part of garbage", read("/icon.svg", { range: "bytes=garbage" })],
    ["Next's own pages", read("/_error")],
    ["a query of no UTF-8", read("/login?next=%ff%fe&%c0%af=%zz&%")],
    ["a query of prototypes", read("/login?__proto__=x&constructor[a]=b&nxtPid=%ff&__nextLocale=x")],
    ["a secret of no UTF-8", read("/activate?token=%ff%00")],
    ["a secret given twice", read("/reset-password?token=a&token=%00")],
    ...["/mail?recipient", "/audit?person", "/users?search", "/sessions?search"].flatMap((search) =>
      ["%00", "%ff", "%5c", "%25", "%ed%a0%80"].map((text): [string, Sent] => [
        `a search for ${text} at ${search}`,
        read(`${search}=${text}`, { cookie: session }),
      ]),
    ),
    ["a path of no UTF-8", read("/%ff")],
    ["a path of nothing", read("/%00")],
    ["a long path", read(`/${"a".repeat(9_000)}`)],
    ["a large cookie", read("/login", { cookie: `a=${"x".repeat(12_000)}` })],
    [
      "many cookies",
      read("/login", { cookie: Array.from({ length: 1_000 }, (_, i) => `a${i}=b`).join("; ") }),
    ],
    ["a cookie too large", read("/login", { cookie: `a=${"x".repeat(70_000)}` })],
    ...["/", "/login", "/password-expired", "/settings/security"].flatMap((path) =>
      garbage.map((text): [string, Sent] => [
        `cookies of ${text.slice(0, 9)} at ${path}`,
        read(path, {
          cookie: `${COOKIE}=${text}; __proto__=x; =; ;; ${COOKIE}.0=y; ${EXPIRED_COOKIE}=${text}`,
        }),
      ]),
    ),
    [
      "Auth.js's cookies",
      act({ cookie: "authjs.callback-url=%zz; authjs.csrf-token=|||; authjs.session-token=%" }),
    ],
    ["Next's cookies", read("/login", { cookie: "__prerender_bypass=x; __next_preview_data=x.y.z" })],
    ["a language of garbage", read("/login", { "accept-language": "%;q=zz" })],
  ];
  const printedBefore = product.output().length;
  for (const [what, sent] of asked) {
    const first = await send(product.url, sent);
    // Next redirects a request for an RSC payload to a URL with an `_rsc` parameter.
    const again = first.status === 307 && first.headers.location?.includes("_rsc");
    const { status } = again
      ? await send(product.url, { ...sent, path: first.headers.location ?? "/" })
      : first;
    expect(status, what).toBeLessThan(500);
  }
  let last = "none";
  for (const text of garbage) {
    const sent = read("/password-expired", { cookie: `${EXPIRED_COOKIE}=${text}` });
    const { status, headers } = await send(product.url, sent);
    expect([status, headers.location]).toEqual([307, "/link-expired?kind=password-expired"]);
    last = headers["x-request-id"] ?? "none";
  }
  // The log does not hold up an answer.
  await expect.poll(product.output).toContain(last);
  const failures = product
    .output()
    .slice(printedBefore)
    .split("\n")
    .filter((line) => /"level":"(?:error|fatal)"/.test(line));
  expect(failures).toEqual([]);
});

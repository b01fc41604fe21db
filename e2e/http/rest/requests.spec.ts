import { contracts } from "@/app/api/contracts";
import { sendRaw } from "./raw";
import { expect, outcome, test } from "./rest-test";

const LOGIN = "/api/auth/login";
const credentials = { username: "ada@example.org", password: "correct horse battery staple" };
const deep = (n: number) => `${'{"a":'.repeat(n)}1${"}".repeat(n)}`;
const lists = (n: number) => `${"[".repeat(n)}${"]".repeat(n)}`;

const json = (type: string) => ({ "content-type": type });
/** Unusual request bodies, and the outcome of a login with each. */
const bodies: [string, { body?: string | Buffer; headers?: Record<string, string> }, [number, number]][] = [
  ["of a form", { body: "a=b", headers: json("application/x-www-form-urlencoded") }, [415, 31]],
  ["of text", { body: "{}", headers: json("text/plain") }, [415, 31]],
  ["of nearly JSON", { body: "{}", headers: json("application/json-patch+json") }, [415, 31]],
  ["of two types", { body: "{}", headers: json("application/json, text/plain") }, [415, 31]],
  ["of no type", { body: "{}", headers: json("") }, [415, 31]],
  ["of JSON with its charset", { body: "{}", headers: json("Application/JSON; charset=utf-8") }, [401, 10]],
  ["that is missing", { headers: json("application/json") }, [400, 31]],
  ["that is empty", { body: "" }, [400, 31]],
  ["that is cut off", { body: '{"username":"a' }, [400, 31]],
  ["with a comment", { body: "{} // x" }, [400, 31]],
  ["with a comma too many", { body: '{"username":"a",}' }, [400, 31]],
  ["with NaN", { body: '{"username":NaN}' }, [400, 31]],
  ["with bytes that are no text", { body: Buffer.from('{"username":"\xff"}', "latin1") }, [400, 31]],
  ["with a name twice", { body: '{"username":"a","username":"b","password":"c"}' }, [400, 31]],
  ["with a name twice, once escaped", { body: '{"password":"a","passwor\\u0064":"b"}' }, [400, 31]],
  ["with a name twice, further down", { body: '{"x":[{"y":{"z":1,"z":2}}]}' }, [400, 31]],
  ["with __proto__", { body: '{"__proto__":{"password":"x"}}' }, [400, 31]],
  ["as deep as may be", { body: deep(16) }, [401, 10]],
  ["deeper", { body: deep(17) }, [400, 31]],
  ["very deep", { body: deep(10_000) }, [400, 31]],
  ["of lists in lists", { body: lists(30_000) }, [400, 31]],
  ["as large as may be", { body: JSON.stringify({ username: "x".repeat(65_521) }) }, [401, 10]],
  ["larger", { body: JSON.stringify({ username: "x".repeat(65_522) }) }, [413, 31]],
  ["huge", { body: JSON.stringify({ username: "x".repeat(3_000_000) }) }, [413, 31]],
  ["of a long number", { body: `{"username":${"9".repeat(60_000)}}` }, [401, 10]],
];

test("a body is one small JSON text with every name once", async ({ rest }) => {
  for (const [name, asked, expected] of bodies) {
    await test.step(name, async () => {
      expect(outcome(await rest.call("POST", LOGIN, asked)), name).toEqual(expected);
    });
  }
});

test("every call refuses the methods that it does not have", async ({ rest }) => {
  for (const [path, operations] of Object.entries(rest.document.content.paths)) {
    const known = Object.keys(operations).map((method) => method.toUpperCase());
    const target = path.replace(/\{\w+\}/g, "5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a");
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]) {
      if (known.includes(method)) continue;
      const answer = await rest.call(method, target);
      expect(outcome(answer), `${method} ${path}`).toEqual([405, 31]);
      const allowed = (answer.headers.allow ?? "").split(", ").filter((one) => one !== "HEAD");
      expect(allowed.sort(), `${method} ${path}`).toEqual(known.sort());
    }
    const head = await rest.call("HEAD", target);
    const get = await rest.call("GET", target);
    const isUnsafe = contracts.some((call) => call.path === path && call.method === "GET" && call.isUnsafe);
    expect([head.status, head.body], `HEAD ${path}`).toEqual([isUnsafe ? 405 : get.status, ""]);
  }
  expect(outcome(await rest.call("DELETE", "/api/health"))).toEqual([405, 31]);
  expect(outcome(await rest.call("TRACE", "/api/nothing"))).toEqual([404, 32]);
});

/** Other spellings of the login's address; none of them is an address. */
const spellings = [
  "/API/auth/login",
  "/Api/Auth/Login",
  "/api/AUTH/login",
  "/api/auth/Login",
  "/api/%61uth/login",
  "/%61pi/auth/login",
  "/%41PI/auth/login",
  "/%2561pi/auth/login",
  "/api%2fauth/login",
  "/api/auth%2flogin",
  "/api/auth/login%2f",
  "//api/auth/login",
  "/api//auth/login",
  "/api/auth//login",
  "/api/auth/login/",
  "/api/auth/login//",
  "/api/./auth/login",
  "/api/auth/../auth/login",
  "/x/../api/auth/login",
  "/login/%2e%2e/api/auth/login",
  "/api\\auth\\login",
  "/api/auth/login;x=1",
  "/api;x=1/auth/login",
  "/api/auth/login.json",
  "/api/auth/login.rsc",
  "/api/auth/login%00",
  "/api/auth/login%20",
  "/api/auth/login%0d%0aX: y",
  "/api/auth/login%",
  "/api/auth/login%zz",
  "/api/auth/login%c0%af",
  "/api/auth/login#x",
  "/api/auth/login/route",
  "/api/[...path]",
  "/api",
  "/api/",
  "/API",
  "/api?x=/api/auth/login",
  "/api/..",
  "/api/../login",
  "/api/nothing",
  `/api/${"a".repeat(8_000)}`,
  "http://localhost/api/auth/login",
];

test("a call has one address: under any other spelling of it there is nothing", async ({ rest, tools }) => {
  const { token } = await tools.signedIn({ email: credentials.username });
  for (const path of spellings) {
    await test.step(path.slice(0, 60), async () => {
      const asked: [string, object][] = [
        ["POST", { body: credentials }],
        ["GET", {}],
        ["GET", { token, headers: { accept: "text/html", rsc: "1", "next-action": "x" } }],
        ["TRACE", {}],
      ];
      for (const [method, sent] of asked) {
        // Node's HTTP client refuses a path that contains a space.
        if (path.includes(" ")) continue;
        expect(outcome(await rest.call(method, path, sent)), `${method} ${path}`).toEqual([404, 32]);
      }
    });
  }
  const answer = await rest.call("POST", `${LOGIN}?x=%zz&_rsc=1`, { body: credentials });
  expect(outcome(answer), "what stands in the query is nobody's business").toEqual([200, null]);
  const asPage = await rest.call("GET", "/api/auth/user", {
    token,
    headers: { rsc: "1", accept: "text/html" },
  });
  expect(outcome(asPage), "nor how a page would be asked for").toEqual([200, null]);
});

test("headers: the Host, and two of a header that may come only once", async ({ rest, tools }) => {
  const { url } = tools;
  const { host } = new URL(url);
  const [one, other] = [await tools.signedIn(), await tools.signedIn()];
  const bearer = (name: string, { token }: { token: string }) => `${name}: Bearer ${token}\r\n`;
  const who = (headers: string) =>
    `GET /api/auth/user HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`;
  const rows: [string, string, [number, number | null]][] = [
    ["one token", who(bearer("Authorization", one)), [200, null]],
    ["two lines of one", who(bearer("Authorization", one) + bearer("Authorization", other)), [401, 10]],
    ["the same twice", who(bearer("X-Authorization", one) + bearer("X-Authorization", one)), [401, 10]],
    ["one of each", who(bearer("Authorization", one) + bearer("X-Authorization", other)), [200, null]],
    ["a name in capitals", who(`X-AUTHORIZATION: bearer   ${one.token}\r\n`), [200, null]],
    ["two hosts", who("Host: evil.example\r\n"), [421, 31]],
    ["another host", who("").replace(host, "evil.example"), [421, 31]],
    ["a host to be believed", who("X-Forwarded-Host: evil.example\r\n"), [401, 10]],
    [
      "another method to be believed",
      who(`X-HTTP-Method-Override: DELETE\r\n${bearer("Authorization", one)}`),
      [200, null],
    ],
    ["a wish to upgrade", who("Upgrade: websocket\r\nConnection: upgrade, close\r\n"), [401, 10]],
  ];
  for (const [name, text, expected] of rows) {
    const answer = rest.read("GET", "/api/auth/user", await sendRaw(url, text));
    expect(outcome(answer), name).toEqual(expected);
  }
});

test("a malformed request is refused, and its connection closed", async ({ rest, tools }) => {
  const { url } = tools;
  const { host } = new URL(url);
  const post = `POST ${LOGIN} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
  const rows: [string, string, number][] = [
    ["no HTTP", "\x16\x03\x01\r\n\r\n", 400],
    ["a method that there is not", `LOGIN ${LOGIN} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 400],
    ["no host", `POST ${LOGIN} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`, 421],
    ["a header with a blank in its name", `${post}X Y: z\r\n\r\n`, 400],
    ["a length that is none", `${post}Content-Length: 2x\r\n\r\n{}`, 400],
    ["two lengths", `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ["a length and chunks", `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ["a broken chunk", `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ["another encoding", `${post}Transfer-Encoding: gzip\r\n\r\n{}`, 400],
    ["large headers", `${post}X: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["too much, announced", `${post}Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n`, 413],
    [
      "too much, in chunks",
      `${post}Transfer-Encoding: chunked\r\n\r\n11170\r\n${"x".repeat(70_000)}\r\n0\r\n\r\n`,
      413,
    ],
  ];
  await Promise.all(
    rows.map(async ([name, text, status]) => {
      const got = await sendRaw(url, text);
      expect(outcome(rest.read("POST", LOGIN, got)), name).toEqual([status, 31]);
    }),
  );
});

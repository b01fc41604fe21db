import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_BODY_BYTES, MAX_USER_AGENT_LENGTH } from "@/lib/core/limits";
import { log } from "@/lib/core/log";
import { EMPTY_HEADER } from "@/lib/request/empty-answer";
import { markHandled } from "@/lib/request/progress";
import { createCallers } from "./callers";
import { createFront, type FrontOptions, type Handler, type Upgrade } from "./http";

// Spies that a test can count: each call reaches the real function.
vi.mock("./callers", { spy: true });

type Seen = { headers: IncomingHttpHeaders; body: string };
type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

let server: Server;
let port: number;
let seen: Seen[];

process.env.LOG_LEVEL = "silent";

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  seen.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
  res.end("answered");
}

async function listen(options: Partial<FrontOptions> = {}, handle: Handler = echo): Promise<void> {
  const upgrade = (_: unknown, socket: { destroy: () => void }) => socket.destroy();
  server = createFront(
    { handle, upgrade },
    { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: false, ...options },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
}

beforeEach(() => {
  seen = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  server.close();
  server.closeAllConnections();
});

function ask(
  path: string,
  headers: Record<string, string> = {},
  body?: string[],
  method = body === undefined ? "GET" : "POST",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = { host: "localhost:3000", origin: "http://localhost:3000", ...headers };
    const req = request({ host: "127.0.0.1", port, path, method, headers: own }, (res) => {
      let text = "";
      res.on("data", (chunk) => {
        text += chunk;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on("error", reject);
    for (const chunk of body ?? []) req.write(chunk);
    req.end();
  });
}

describe("the front", () => {
  it("gives each request an id of ours, whatever the client says", async () => {
    await listen();
    const { headers } = await ask("/", { "x-request-id": "mine" });
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-/);
    expect(seen[0]?.headers["x-request-id"]).toBe(headers["x-request-id"]);
  });

  it("treats Next's own request on behalf of a client's as that client's, and refuses a forged one", async () => {
    const inner: Answer[] = [];
    await listen({ baseUrl: "https://gate.example.org", trustedProxies: 1 }, async (req, res) => {
      if (req.url === "/action") {
        const id = String(req.headers["x-request-id"]);
        inner.push(await ask("/account", { host: `127.0.0.1:${port}`, "x-request-id": id }));
        inner.push(await ask("/account", { host: `127.0.0.1:${port}`, "x-request-id": `${id}0` }));
      }
      await echo(req, res);
    });
    const proxied = { host: "gate.example.org", "x-forwarded-for": "192.0.2.7" };
    const { headers } = await ask("/action", { ...proxied, origin: "https://gate.example.org" }, [""]);
    expect(inner.map(({ status }) => status)).toEqual([200, 421]);
    expect(seen[0]?.headers).toMatchObject({
      host: "gate.example.org",
      "x-gatehouse-address": "192.0.2.7",
    });
    expect(seen[0]?.headers["x-request-id"]).not.toBe(headers["x-request-id"]);
    const late = await ask("/account", { "x-request-id": String(headers["x-request-id"]), host: "other" });
    expect(late.status).toBe(421);
  });

  it("drops headers that a client may not set", async () => {
    await listen();
    await ask("/account?next=/", {
      "x-gatehouse-address": "6.6.6.6",
      "x-gatehouse-path": "/audit",
      "x-middleware-subrequest": "proxy:proxy",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "for=6.6.6.6",
      "x-real-ip": "6.6.6.6",
      "x-matched-path": "/login",
      "x-invoke-path": "/login",
      "x-nextjs-rewritten-path": "/login",
    });
    expect(seen[0]?.headers).toMatchObject({
      "x-gatehouse-address": "127.0.0.1",
      "x-gatehouse-path": "/account",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "localhost:3000",
      "x-forwarded-proto": "http",
    });
    const kept = Object.keys(seen[0]?.headers ?? {}).filter((name) => /^x-|forwarded/.test(name));
    expect(kept.sort()).toEqual([
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
      "x-gatehouse-address",
      "x-gatehouse-path",
      "x-request-id",
    ]);
  });

  it.each<[string, string, Record<string, string>, string[] | undefined, unknown]>([
    ["let in", "/", {}, undefined, undefined],
    [
      "by a proxy's own name",
      "/",
      { host: "127.0.0.1:3000" },
      undefined,
      { reason: "misdirected", host: "127.0.0.1:3000" },
    ],
    [
      "from another origin",
      "/login",
      { host: "id.example", origin: "https://id.example" },
      ["x"],
      { reason: "forbidden", host: "id.example", origin: "https://id.example" },
    ],
    ["by no path", "/%ff", { host: "id.example" }, undefined, { reason: "bad-request" }],
    [
      "with too much",
      "/login",
      { host: "id.example", origin: "http://id.example", "content-length": "70000" },
      ["x"],
      {
        reason: "too-large",
      },
    ],
  ])("logs why a request was turned away: %s", async (_name, path, headers, body, refused) => {
    const line = vi.spyOn(log(), "info");
    await listen({ baseUrl: "http://id.example" });
    const { headers: answered } = await ask(path, { host: "id.example", ...headers }, body);
    // A request of the previous test may be logged only now.
    const own = () => {
      const lines = line.mock.calls as unknown as [Record<string, unknown>][];
      return lines.map(([said]) => said).filter(({ requestId }) => requestId === answered["x-request-id"]);
    };
    await expect.poll(() => own().length).toBe(1);
    const [said] = own();
    expect(said).toMatchObject({ event: "request", path });
    expect(said?.refused).toEqual(refused);
  });

  it.each<[string, string, { path: string; status?: number; aborted?: true }]>([
    [
      "without what would sign somebody in",
      `/activate/${"a".repeat(43)}?token=b`,
      { path: "/activate/[secret]" },
    ],
    ["of no more than can be read", `/${"a/".repeat(2_000)}`, { path: `/${"a/".repeat(250)}`.slice(0, 500) }],
    ["with its status", "/nothing", { path: "/nothing", status: 404 }],
    ["that came to no end", "/half", { path: "/half", aborted: true }],
  ])("logs a request, %s", async (_name, path, expected) => {
    const line = vi.spyOn(log(), "info");
    const failed = vi.spyOn(log(), "error");
    await listen({}, async (request, response) => {
      if (request.url === "/half") {
        response.write("half");
        throw new Error("x");
      }
      response.statusCode = 404;
      response.end();
    });
    const answer = await ask(path).catch((error: NodeJS.ErrnoException) => error);
    if (path === "/half") expect(answer).toMatchObject({ code: "ECONNRESET" });
    // A request of the previous test may be logged only now.
    const own = () => {
      const lines = line.mock.calls as unknown as [{ path?: string; aborted?: true; requestId: string }][];
      return lines.map(([said]) => said).filter((said) => said.path === expected.path);
    };
    await expect.poll(() => own().length).toBe(1);
    const [said] = own();
    expect(said).toMatchObject({ event: "request", address: "127.0.0.1", ...expected });
    expect(said && "aborted" in said).toBe(path === "/half");
    const failure = { event: "request-failed", requestId: said?.requestId, err: expect.any(Error) };
    expect(failed.mock.calls).toEqual(path === "/half" ? [[failure]] : []);
  });

  it("drops a client's Range header", async () => {
    await listen();
    await ask("/favicon.ico", { range: "bytes=9999999-" });
    expect(seen[0]?.headers).not.toHaveProperty("range");
  });

  it("drops the Origin null of our page without a referrer, which Next would refuse, and takes no other's", async () => {
    await listen();
    const post = (site: string) => ask("/unlock", { origin: "null", "sec-fetch-site": site }, [""]);
    expect((await post("same-origin")).status).toBe(200);
    expect(seen[0]?.headers).not.toHaveProperty("origin");
    for (const site of ["none", "same-site", "cross-site"]) expect((await post(site)).status).toBe(403);
  });

  it("cuts a user agent to what is kept of it, because Next's time grows with its length", async () => {
    await listen();
    for (const path of ["/login", "/api/auth/user"]) {
      await ask(path, { "user-agent": "a-Googl".repeat(2_000) });
      await ask(path, { "user-agent": "tb-app/1.0" });
    }
    const whole = "a-Googl".repeat(2_000).slice(0, MAX_USER_AGENT_LENGTH);
    expect(seen.map(({ headers }) => headers["user-agent"])).toEqual([
      whole,
      "tb-app/1.0",
      whole,
      "tb-app/1.0",
    ]);
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

  describe("where a post fails", () => {
    const form = { "content-type": "multipart/form-data; boundary=x" };
    const fail: Handler = async (_, response) => {
      response.statusCode = 500;
      response.setHeader("Content-Type", "text/x-component");
      response.write("0:{");
      response.write("}");
      response.end("the end");
    };
    const failAtOnce: Handler = async (_, response) => {
      response.setHeader("Content-Encoding", "gzip");
      response.writeHead(500, { "Content-Length": 3 });
      response.end("bad");
    };
    const failBriefly: Handler = async (_, response) => {
      response.statusCode = 500;
      response.end();
    };

    it.each([fail, failAtOnce, failBriefly])(
      "before our code begins, says that the form could not be read",
      async (handle) => {
        await listen({}, handle);
        const mixedCase = { "content-type": "Multipart/Form-Data; boundary=x" };
        for (const headers of [form, mixedCase, { "next-action": "x" }] as Record<string, string>[]) {
          const answer = await ask("/login", headers, ["x"]);
          expect(answer).toMatchObject({
            status: 400,
            body: expect.stringMatching(/^The form could not be read/),
          });
          expect(answer.headers).toMatchObject({
            "content-type": "text/plain; charset=utf-8",
            "cache-control": "no-store",
          });
          expect(answer.headers).not.toHaveProperty("content-encoding");
        }
      },
    );

    it.each([fail, failAtOnce])(
      "after our code has begun, or without a form, leaves the failure as it is",
      async (handle) => {
        await listen({}, async (request, response) => {
          markHandled();
          await handle(request, response);
        });
        expect((await ask("/login", form, ["x"])).status).toBe(500);
        server.close();
        await listen({}, handle);
        expect((await ask("/login", { "content-type": "text/plain" }, ["x"])).status).toBe(500);
        expect((await ask("/login", form)).status).toBe(500);
        expect((await ask("/api/auth/logout", form, ["x"])).status).toBe(500);
      },
    );

    it("leaves every other answer as it is", async () => {
      await listen();
      expect(await ask("/login", form, ["x"])).toMatchObject({ status: 200, body: "answered" });
    });
  });

  it("trusts as many proxies as it is told to", async () => {
    await listen({ trustedProxies: 1, baseUrl: "https://id.example.com" });
    const { status } = await ask("/", {
      host: "127.0.0.1:3000",
      "x-forwarded-host": "evil.example, id.example.com",
      "x-forwarded-for": "6.6.6.6, 203.0.113.9",
    });
    expect(status).toBe(200);
    expect(seen[0]?.headers).toMatchObject({
      host: "id.example.com",
      "x-gatehouse-address": "203.0.113.9",
      "x-forwarded-proto": "https",
    });
  });

  it.each([
    ["which the outer one set, and the inner one passed on", "id.example.com"],
    ["to which both appended what they were asked for", "id.example.com, inner.example:8080"],
    ["to which both appended, after a client's own", "evil.example, id.example.com, inner.example:8080"],
  ])("behind two proxies, believes the outer one about the host name: a header %s", async (_, forwarded) => {
    await listen({ trustedProxies: 2, baseUrl: "https://id.example.com" });
    const { status } = await ask("/", { host: "127.0.0.1:3000", "x-forwarded-host": forwarded });
    expect(status).toBe(200);
    expect(seen[0]?.headers.host).toBe("id.example.com");
  });

  it.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"])(
    "is reached as %s on this machine",
    async (host) => {
      await listen();
      expect((await ask("/", { host })).status).toBe(200);
    },
  );

  it.each(["evil.example", "localhost:4000", "localhost", "x@localhost:3000", "localhost:3000/x", ""])(
    "is not reached as %j",
    async (host) => {
      await listen();
      expect((await ask("/", { host })).status).toBe(421);
      expect(seen).toEqual([]);
    },
  );

  it("is not reached by loopback names when it has a name of its own", async () => {
    await listen({ baseUrl: "https://id.example.com" });
    expect((await ask("/", { host: "localhost:3000" })).status).toBe(421);
  });

  it("tells its health under any name", async () => {
    await listen();
    expect((await ask("/api/health", { host: "10.1.2.3" })).status).toBe(200);
    expect((await ask("/api/health/x", { host: "10.1.2.3" })).status).toBe(421);
  });

  it("refuses what is not a path", async () => {
    await listen();
    for (const path of ["//evil.example/", "http://evil.example/", "/\\evil.example", "*"]) {
      expect((await ask(path)).status).toBe(400);
    }
    expect(seen).toEqual([]);
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
    server.close();
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

  it("lets a health check pass many pages that were asked for first, and begins none whose client has left", async () => {
    const pages = 100;
    const clients: Socket[] = [];
    let begun = 0;
    let begunBeforeHealth = Number.NaN;
    await listen({}, async (req, res) => {
      if (req.url === "/api/health") begunBeforeHealth = begun;
      else begun += 1;
      if (begun === 1) for (const client of clients) client.destroy();
      res.end();
    });
    const atConnections = (count: number, event: "open" | "close") =>
      new Promise<void>((resolve) => {
        const look = () => server.getConnections((_error, open) => open === count && resolve());
        server.on("connection", (socket) => (event === "open" ? look() : socket.once("close", look)));
      });
    const [allOpen, allClosed] = [atConnections(pages + 1, "open"), atConnections(0, "close")];
    for (let n = 0; n <= pages; n += 1) clients.push(connect(port, "127.0.0.1").on("error", () => undefined));
    await allOpen;
    clients.forEach((client, n) => {
      client.write(`GET ${n < pages ? "/login" : "/api/health"} HTTP/1.1\r\nHost: localhost:3000\r\n\r\n`);
    });
    await allClosed;
    expect(begunBeforeHealth).toBeLessThan(pages / 2);
    expect(begun).toBeLessThan(pages / 2);
  });

  it.each([
    ["/login", "GET, HEAD, POST"],
    ["/icon.svg", "GET, HEAD"],
  ])("says which methods %s has", async (path, methods) => {
    await listen();
    const { status, headers } = await ask(path, {}, undefined, "DELETE");
    expect([status, headers.allow]).toEqual([405, methods]);
  });

  it("passes bodies on, announced and streamed, up to the limit", async () => {
    await listen();
    const body = "x".repeat(MAX_BODY_BYTES);
    await ask("/", { "content-length": String(body.length) }, [body]);
    await ask("/", {}, [body.slice(1000), body.slice(0, 1000)]);
    expect(seen.map((one) => one.body.length)).toEqual([MAX_BODY_BYTES, MAX_BODY_BYTES]);
  });

  it.each([
    ["before any of it comes", 0],
    ["also where that is announced after thousands of other headers", 2_500],
  ])("refuses a larger body by its announced length, %s", async (_when, others) => {
    await listen();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(
          `POST / HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\n${"a:\r\n".repeat(others)}Content-Length: 10485760\r\n\r\n`,
        );
      });
      socket.once("data", (data) => {
        resolve(String(data));
        socket.destroy();
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(seen).toEqual([]);
  });

  it.each(["announced", "streamed"])("takes no more for a page than for a call, %s", async (how) => {
    await listen();
    const body = "x".repeat(65_537);
    const headers: Record<string, string> =
      how === "announced" ? { "content-length": String(body.length) } : {};
    expect((await ask("/login", headers, [body])).status).toBe(413);
    expect(seen).toEqual([]);
  });

  it("refuses a larger body that is streamed, and never shows it to Next", async () => {
    await listen();
    const chunk = "x".repeat(262_144);
    expect(
      (
        await ask(
          "/",
          {},
          Array.from({ length: 8 }, () => chunk),
        )
      ).status,
    ).toBe(413);
    expect(seen).toEqual([]);
  });

  describe("answers a program in JSON", () => {
    const body = JSON.stringify({ a: "x".repeat(65_536) });
    it.each<[string, string, Record<string, string>, string[] | undefined, number, number]>([
      ["by another name", "/api/auth/user", { host: "evil.example" }, undefined, 421, 31],
      ["by two names", "/api/auth/user", { host: "localhost:3000, evil.example" }, undefined, 421, 31],
      ["in another spelling", "/API/auth/user", {}, undefined, 404, 32],
      ["in no spelling", "/api/%", {}, undefined, 404, 32],
      ["with too much", "/api/auth/login", { "content-length": String(body.length) }, [body], 413, 31],
      ["with too much, streamed", "/api/auth/login", {}, [body], 413, 31],
    ])("%s", async (_name, path, headers, sent, status, errorCode) => {
      await listen();
      const answer = await ask(path, headers, sent);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toEqual({
        ...{ status, errorCode },
        message: expect.any(String),
        timestamp: expect.any(Number),
      });
      expect(answer.headers).toMatchObject({
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      expect(seen).toEqual([]);
    });

    it("when the program behind fails", async () => {
      await listen({}, () => Promise.reject(new Error("x")));
      const answer = await ask("/api/auth/user");
      expect([answer.status, JSON.parse(answer.body).errorCode]).toEqual([500, 2]);
    });
  });

  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let got = "";
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      socket.on("data", (data) => {
        got += data;
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(got));
    });
  const POST = "POST /api/auth/login HTTP/1.1\r\nHost: localhost:3000\r\n";

  it.each<[string, string, number]>([
    ["no HTTP", "\x16\x03\x01\r\n\r\n", 400],
    ["a method that there is not", "FOO /api/auth/user HTTP/1.1\r\n\r\n", 400],
    ["two lengths", `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ["a broken chunk", `${POST}Transfer-Encoding: chunked\r\n\r\nx\r\n`, 400],
    ["large headers", `${POST}X: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["headers that do not end", POST, 408],
    ["a body that does not end", `${POST}Content-Length: 2\r\n\r\n{`, 408],
    ["no host", "GET /api/auth/user HTTP/1.1\r\n\r\n", 421],
    [
      "a body that is announced, and not wanted",
      `${POST}Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n`,
      413,
    ],
    ["two hosts", `${POST}Host: evil.example\r\nContent-Length: 0\r\n\r\n`, 421],
    ["an expectation", `${POST}Expect: wonders\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`, 200],
  ])("answers %s, with an id and the headers of every answer", async (_name, text, status) => {
    const line = vi.spyOn(log(), "info");
    await listen();
    // Short timeouts only where a timeout is expected; elsewhere they would strike on a busy machine.
    if (status === 408) Object.assign(server, { headersTimeout: 10, requestTimeout: 10 });
    const [answer, unused] = await Promise.all([raw(text), status === 408 && raw("")]);
    // Browsers open connections in advance, and would take a 408 on an unused one for the answer to their next request.
    if (unused !== false) expect(unused).toBe("");
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
    expect(answer).toContain("X-Content-Type-Options: nosniff");
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    const own = () =>
      line.mock.calls.filter(([said]) => (said as { requestId?: string }).requestId === requestId);
    await expect.poll(own).toMatchObject([[{ status }]]);
    if (status === 200) return;
    expect(answer).toContain("Cache-Control: no-store");
    expect(answer).toContain("Connection: close");
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status, errorCode: 31 });
    expect(seen).toEqual([]);
  });

  it("answers the pipelined requests of a connection one after the other, each once the answer before is sent", async () => {
    const answers: ServerResponse[] = [];
    await listen({}, async (_, response) => {
      answers.push(response);
    });
    const got = raw("GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n".repeat(3));
    for (const count of [1, 2, 3]) {
      await expect.poll(() => answers.length).toBe(count);
      expect((await ask("/api/health/x", { host: "10.1.2.3" })).status).toBe(421);
      expect(answers.length).toBe(count);
      if (count === 3) answers.at(-1)?.setHeader("Connection", "close");
      answers.at(-1)?.end(`answer ${count}`);
    }
    expect((await got).match(/answer \d/g)).toEqual(["answer 1", "answer 2", "answer 3"]);
  });

  it("closes a connection that pipelines very many, and begins none of them once it is gone", async () => {
    let begun = 0;
    await listen({}, async () => {
      begun += 1;
    });
    await raw("GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n".repeat(100)).catch(() => undefined);
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect(begun).toBe(0);
  });

  it("remembers the caller of no pipelined post that it has not begun, for nothing would forget it", async () => {
    const before = vi.mocked(createCallers).mock.results.length;
    const answers: ServerResponse[] = [];
    await listen({}, async (_, response) => {
      answers.push(response);
    });
    const remember = vi.spyOn(vi.mocked(createCallers).mock.results[before]?.value, "remember");
    const post = "POST /a HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\n";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${post}Content-Length: 0\r\n\r\n`.repeat(5)),
    );
    await expect.poll(() => answers.length).toBe(1);
    socket.destroy();
    await expect.poll(() => answers[0]?.closed).toBe(true);
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect(remember).toHaveBeenCalledTimes(1);
  });

  it("begins none of what came after an answer that ends its connection", async () => {
    const begun: string[] = [];
    await listen({}, async (request, response) => {
      begun.push(request.url ?? "");
      response.setHeader("Connection", "close").end("the last");
    });
    const ahead =
      "POST /b HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\nContent-Length: 0\r\n\r\n";
    expect(await raw(`GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n${ahead}`)).toContain("the last");
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect(begun).toEqual(["/a"]);
  });

  it("ends a connection that is left over with the next answer, once it has stopped listening", async () => {
    const answers: ServerResponse[] = [];
    await listen({}, async (_, response) => {
      answers.push(response);
    });
    const get = "GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n";
    let got = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(get));
    socket.on("data", (data) => {
      got += data;
    });
    await expect.poll(() => answers.length).toBe(1);
    server.close();
    answers[0]?.end("answer 1");
    await expect.poll(() => got).toContain("answer 1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(get);
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.end("answer 2");
    await closed;
    expect(got).toMatch(/Connection: keep-alive.*answer 1.*Connection: close.*answer 2/s);
  });

  it("waits for no request without end", async () => {
    await listen();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });

  it("closes a connection whose client does not read its answers", async () => {
    await listen({}, async (_, response) => {
      response.write(Buffer.alloc(64 * 1024 * 1024));
    });
    expect(server.timeout).toBe(300_000);
    server.timeout = 20;
    await new Promise<void>((resolve) => {
      server.once("connection", (socket) => socket.once("close", () => resolve()));
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET / HTTP/1.1\r\nHost: localhost:3000\r\n\r\n"),
      );
      socket.on("error", () => undefined);
    });
  });

  it("in development passes on a web socket of our own pages' host, and of no other", async () => {
    const upgraded: (string | undefined)[] = [];
    const upgrade: Upgrade = (request, socket) => {
      upgraded.push(request.headers.host);
      socket.destroy();
    };
    const options = { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: true };
    server = createFront({ handle: echo, upgrade }, options);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
    for (const host of ["evil.example", "localhost:3000"]) {
      await raw(`GET /hmr HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    }
    expect(upgraded).toEqual(["localhost:3000"]);
  });

  it("hands a body of a program on when it is whole", async () => {
    await listen();
    const answer = raw(`${POST}Connection: close\r\nContent-Length: 4\r\n\r\nabcd`);
    expect(await answer).toContain("answered");
    const asked = raw(`${POST}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nefgh`);
    expect(await asked).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(seen.map(({ body }) => body)).toEqual(["abcd", "efgh"]);
  });
});

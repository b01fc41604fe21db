import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect, Server as ListeningServer, type Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { ask, echo, front, listen, raw, testFronts } from "@/tests/support/front";
import { createCallers } from "./callers";
import type { Upgrade } from "./http";
import { createRequestPacer } from "./request-pacer";

// Spies that a test can count: each call reaches the real function.
vi.mock("./callers", { spy: true });
vi.mock("./request-pacer", { spy: true });

process.env.LOG_LEVEL = "silent";

testFronts();

const POST = "POST /api/auth/login HTTP/1.1\r\nHost: localhost:3000\r\n";

describe("the connections of the front", () => {
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
    if (status === 408) Object.assign(front.server, { headersTimeout: 10, requestTimeout: 10 });
    const [answer, unused] = await Promise.all([raw(text), status === 408 && raw("")]);
    // Browsers open connections in advance, and would take a 408 on an unused one for the answer to their next request.
    if (unused !== false) expect(unused).toBe("");
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
    expect(answer).toContain("X-Content-Type-Options: nosniff");
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    const own = () =>
      line.mock.calls.filter(([said]) => (said as { requestId?: string }).requestId === requestId);
    await expect.poll(own).toMatchObject([[{ status, address: "127.0.0.1" }]]);
    if (status === 200) return;
    expect(answer).toContain("Cache-Control: no-store");
    expect(answer).toContain("Connection: close");
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status, errorCode: 31 });
    expect(front.seen).toEqual([]);
  });

  it("lets no answer look complete that breaks off, not even in HTTP/1.0, whose answers end with the connection", async () => {
    await listen({}, async (_, response) => {
      response.write("a part");
      response.destroy();
    });
    const answer = raw("GET /a HTTP/1.0\r\nHost: localhost:3000\r\n\r\n");
    await expect(answer).rejects.toMatchObject({ code: "ECONNRESET" });
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
    const socket = connect(front.port, "127.0.0.1", () =>
      socket.write(`${post}Content-Length: 0\r\n\r\n`.repeat(5)),
    );
    await expect.poll(() => answers.length).toBe(1);
    socket.destroy();
    await expect.poll(() => answers[0]?.closed).toBe(true);
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect(remember).toHaveBeenCalledTimes(1);
  });

  it("begins none of what came after an answer that ends its connection, also where the client leaves it open", async () => {
    const begun: string[] = [];
    await listen({}, async (request, response) => {
      begun.push(request.url ?? "");
      // Holds the connection in the state that otherwise lasts for a moment: ended, but not closed.
      request.socket.destroySoon = () => void request.socket.end();
      response.setHeader("Connection", "close").end("the last");
    });
    const ahead =
      "POST /b HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\nContent-Length: 0\r\n\r\n";
    let got = "";
    const socket = connect({ port: front.port, host: "127.0.0.1", allowHalfOpen: true }, () =>
      socket.write(`GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n${ahead}`),
    );
    socket.on("data", (data) => {
      got += data;
    });
    await new Promise((resolve) => socket.once("end", resolve));
    expect(got).toContain("the last");
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect(begun).toEqual(["/a"]);
    socket.destroy();
  });

  it.each([
    ["nonsense follows its request", ""],
    [
      "another request waits for it, and nonsense follows that",
      "GET /b HTTP/1.1\r\nHost: localhost:3000\r\n\r\n",
    ],
  ])("breaks off an answer that has begun when %s, and puts no other into it", async (_when, between) => {
    await listen({}, async (_, response) => {
      response.write("the beginning");
    });
    let got = "";
    const socket = connect(front.port, "127.0.0.1", () =>
      socket.write("GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n"),
    );
    socket
      .on("error", () => undefined)
      .on("data", (data) => {
        got += data;
      });
    await expect.poll(() => got).toContain("the beginning");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(`${between}nonsense\r\n\r\n`);
    await closed;
    expect(got.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
  });

  it("logs the id with which it answers nonsense behind several requests", async () => {
    const line = vi.spyOn(log(), "info");
    await listen({}, async () => undefined);
    const answer = await raw(
      `${"GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n".repeat(3)}nonsense\r\n\r\n`,
    );
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    const own = () =>
      line.mock.calls.filter(([said]) => (said as { requestId?: string }).requestId === requestId);
    await expect.poll(own).toMatchObject([[{ status: 400, path: "/a" }]]);
  });

  it("answers nonsense behind an answered request with another id, and logs it", async () => {
    const line = vi.spyOn(log(), "info");
    await listen();
    let got = "";
    const socket = connect(front.port, "127.0.0.1", () =>
      socket.write("GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n"),
    );
    socket.on("data", (data) => {
      got += data;
    });
    await expect.poll(() => got).toContain("answered");
    const closed = once(socket, "close");
    socket.write("nonsense\r\n\r\n");
    await closed;
    const [first, second] = [...got.matchAll(/X-Request-Id: (\S+)/g)].map(([, id]) => id);
    expect(second).not.toBe(first);
    const broken = { event: "request-broken", requestId: second, status: 400, address: "127.0.0.1" };
    await expect.poll(() => line.mock.calls).toContainEqual([expect.objectContaining(broken)]);
  });

  it.each([
    ["of a proxy for longer than Envoy does", 1, 3_600_000, 86_400_000],
    ["of others until shortly before a firewall forgets it", 0, 120_000, 240_000],
  ])("keeps an idle connection %s", async (_, trustedProxies, least, most) => {
    await listen({ trustedProxies });
    const { keepAliveTimeout } = front.server;
    expect([keepAliveTimeout > least, keepAliveTimeout < most]).toEqual([true, true]);
  });

  it("ends each connection with its next answer, once it has stopped listening", async () => {
    const answers: ServerResponse[] = [];
    await listen({}, async (_, response) => {
      answers.push(response);
    });
    const get = "GET /a HTTP/1.1\r\nHost: localhost:3000\r\n\r\n";
    const open = () => {
      const socket = connect(front.port, "127.0.0.1", () => socket.write(get));
      const connection = { socket, got: "", closed: once(socket, "close") };
      socket.on("data", (data) => {
        connection.got += data;
      });
      return connection;
    };
    const idle = open();
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.end("answer 1");
    await expect.poll(() => idle.got).toMatch(/Connection: keep-alive.*answer 1/s);
    const busy = open();
    await expect.poll(() => answers.length).toBe(2);
    // As `drain` does: the method of an HTTP server would close the idle one at once.
    ListeningServer.prototype.close.call(front.server);
    answers[1]?.end("answer 2");
    await expect.poll(() => busy.got).toMatch(/Connection: close.*answer 2/s);
    await busy.closed;
    idle.socket.write(get);
    await expect.poll(() => answers.length).toBe(3);
    answers[2]?.end("answer 3");
    await expect.poll(() => idle.got).toMatch(/answer 1.*Connection: close.*answer 3/s);
    await idle.closed;
  });

  it.each([
    { what: "a health check", path: "/api/health", others: "pages", first: "/login" },
    { what: "a call", path: "/api/auth/user", others: "health checks", first: "/api/health" },
    { what: "a call", path: "/api/auth/user", others: "pages", first: "/login" },
    { what: "a script", path: "/_next/static/chunks/page.js", others: "pages", first: "/login" },
    { what: "a page", path: "/login", others: "calls", first: "/api/auth/user" },
  ])(
    "lets $what pass many $others that were asked for first, and begins none whose client has left",
    async ({ path, first }) => {
      const many = 100;
      const clients: Socket[] = [];
      let begun = 0;
      let begunBefore = Number.NaN;
      await listen({}, async (req, res) => {
        if (req.url === path) begunBefore = begun;
        else begun += 1;
        if (begun === 1) for (const client of clients) client.destroy();
        res.end();
      });
      const atConnections = (count: number, event: "open" | "close") =>
        new Promise<void>((resolve) => {
          const look = () => front.server.getConnections((_error, open) => open === count && resolve());
          front.server.on("connection", (socket) => (event === "open" ? look() : socket.once("close", look)));
        });
      const [allOpen, allClosed] = [atConnections(many + 1, "open"), atConnections(0, "close")];
      for (let n = 0; n <= many; n += 1)
        clients.push(connect(front.port, "127.0.0.1").on("error", () => undefined));
      await allOpen;
      clients.forEach((client, n) => {
        client.write(`GET ${n < many ? first : path} HTTP/1.1\r\nHost: localhost:3000\r\n\r\n`);
      });
      await allClosed;
      expect(begunBefore).toBeLessThan(many / 2);
      expect(begun).toBeLessThan(many / 2);
    },
  );

  it("answers 503 while too many requests of the same client wait, except to the health check", async () => {
    const pace = async () => false;
    vi.mocked(createRequestPacer).mockReturnValueOnce(pace).mockReturnValueOnce(pace);
    const line = vi.spyOn(log(), "info");
    await listen();
    const page = await ask("/login");
    const call = await ask("/api/auth/login", {}, ["{}"]);
    for (const { status, headers } of [page, call]) {
      expect([status, headers["retry-after"]]).toEqual([503, "10"]);
    }
    expect(page.body).toContain("Try again");
    expect(JSON.parse(call.body)).toMatchObject({ status: 503, errorCode: 2 });
    expect((await ask("/api/health")).status).toBe(200);
    const refused = () => line.mock.calls.filter(([said]) => (said as { refused?: object }).refused);
    await expect.poll(() => refused().length).toBe(2);
    expect(refused()).toMatchObject([[{ refused: { reason: "unavailable" } }], [{ status: 503 }]]);
    expect(front.seen).toHaveLength(1);
  });

  it("has a quarter of its connections wait for the turn of a POST, a page or another request each, and a few for that of a health check", async () => {
    vi.spyOn(process.report, "getReport").mockReturnValue({ userLimits: { open_files: { soft: 256 } } });
    vi.mocked(createRequestPacer).mockClear();
    await listen();
    expect(front.server.maxConnections).toBe(80);
    expect(vi.mocked(createRequestPacer).mock.calls).toMatchObject([
      [{ room: 20 }],
      [{ room: 20 }],
      [{ room: 20 }],
      [{ room: 7 }],
    ]);
  });

  it("tells each of these lines how many connections have been accepted", async () => {
    vi.mocked(createRequestPacer).mockClear();
    await listen();
    const accepted = () => vi.mocked(createRequestPacer).mock.calls.map(([line]) => line?.accepted?.());
    expect(accepted()).toEqual([0, 0, 0, 0]);
    await Promise.all([ask("/login"), ask("/login")]);
    expect(accepted()).toEqual([2, 2, 2, 2]);
  });

  it("waits for no request without end", async () => {
    await listen();
    expect(front.server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });

  it("closes a connection whose client does not read its answers", async () => {
    await listen({}, async (_, response) => {
      response.write(Buffer.alloc(64 * 1024 * 1024));
    });
    expect(front.server.timeout).toBe(300_000);
    front.server.timeout = 20;
    await new Promise<void>((resolve) => {
      front.server.once("connection", (socket) => socket.once("close", () => resolve()));
      const socket = connect(front.port, "127.0.0.1", () =>
        socket.write("GET / HTTP/1.1\r\nHost: localhost:3000\r\n\r\n"),
      );
      socket.on("error", () => undefined);
    });
  });

  it("answers a request that would rather have another protocol as any other, except in development", async () => {
    await listen();
    const offer =
      "GET / HTTP/1.1\r\nHost: localhost:3000\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\n\r\n";
    expect(await raw(offer)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("in development passes on a web socket of our own pages' host, and of no other", async () => {
    const upgraded: (string | undefined)[] = [];
    const upgrade: Upgrade = (request, socket) => {
      upgraded.push(request.headers.host);
      socket.destroy();
    };
    await listen({ isDev: true }, echo, upgrade);
    for (const host of ["evil.example", "localhost:3000"]) {
      await raw(`GET /hmr HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    }
    expect(upgraded).toEqual(["localhost:3000"]);
  });
});

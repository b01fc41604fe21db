import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { ask, front, listen, testFronts } from "@/tests/support/front";

process.env.LOG_LEVEL = "silent";

testFronts();

/** A host name that nobody has, which would fill the log. */
const LONG = "x".repeat(5_000);

describe("the admission of the front", () => {
  it("trusts as many proxies as it is told to", async () => {
    await listen({ trustedProxies: 1, baseUrl: "https://id.example.com" });
    const { status } = await ask("/", {
      host: "127.0.0.1:3000",
      "x-forwarded-host": "evil.example, id.example.com",
      "x-forwarded-for": "6.6.6.6, 203.0.113.9",
    });
    expect(status).toBe(200);
    expect(front.seen[0]?.headers).toMatchObject({
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
    expect(front.seen[0]?.headers.host).toBe("id.example.com");
  });

  it.each([
    ["a proxy, although none is trusted", 0, "192.0.2.7", { trusted: 0, reported: 1 }],
    ["no proxy, although one is trusted", 1, "", { trusted: 1, reported: 0 }],
    ["one proxy, although two are trusted", 2, "192.0.2.7", { trusted: 2, reported: 1 }],
    ["none, as is said", 0, "", null],
    ["one proxy, as is said", 1, "192.0.2.7", null],
    ["two proxies, as is said", 2, "6.6.6.6, 192.0.2.7, 10.0.0.2", null],
  ])("tells the log once of requests through %s", async (_, trustedProxies, forwardedFor, told) => {
    const warn = vi.spyOn(log(), "warn");
    await listen({ trustedProxies });
    const headers: Record<string, string> = forwardedFor === "" ? {} : { "x-forwarded-for": forwardedFor };
    await ask("/", { ...headers, host: "other.example" });
    await ask("/api/health", headers);
    await ask("/account", { ...headers, "x-gatehouse-address": "192.0.2.7" });
    expect(warn).not.toHaveBeenCalled();
    for (let times = 0; times < 2; times += 1) await ask("/login", headers);
    expect(warn.mock.calls).toEqual(told === null ? [] : [[{ event: "proxies-miscounted", ...told }]]);
  });

  it.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"])(
    "is reached as %s on this machine",
    async (host) => {
      await listen();
      expect((await ask("/", { host })).status).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "localhost:4000",
    "localhost",
    "x@localhost:3000",
    "x@[::1]:3000",
    "localhost:3000/x",
    "[::1]:3000/x",
    "",
  ])("is not reached as %j", async (host) => {
    await listen();
    expect((await ask("/", { host })).status).toBe(421);
    expect(front.seen).toEqual([]);
  });

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
    expect(front.seen).toEqual([]);
  });

  it.each([
    ["/login", "GET, HEAD, POST"],
    ["/icon.svg", "GET, HEAD"],
  ])("says which methods %s has", async (path, methods) => {
    await listen();
    const { status, headers } = await ask(path, {}, undefined, "DELETE");
    expect([status, headers.allow]).toEqual([405, methods]);
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
      expect(front.seen).toEqual([]);
    });

    it("when the program behind fails", async () => {
      await listen({}, () => Promise.reject(new Error("x")));
      const answer = await ask("/api/auth/user");
      expect([answer.status, JSON.parse(answer.body).errorCode]).toEqual([500, 2]);
    });
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
    [
      "from an origin longer than any",
      "/login",
      { host: "id.example", origin: `https://${LONG}` },
      ["x"],
      { reason: "forbidden", host: "id.example", origin: `https://${LONG}`.slice(0, 260) },
    ],
    [
      "by a name longer than any",
      "/",
      { host: LONG },
      undefined,
      { reason: "misdirected", host: LONG.slice(0, 260) },
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
    ["with the status that was sent, whatever is set afterwards", "/late", { path: "/late", status: 404 }],
    ["that came to no end", "/half", { path: "/half", status: 200, aborted: true }],
    ["without a status if the client has gone before it", "/gone", { path: "/gone", aborted: true }],
  ])("logs a request, %s", async (_name, path, expected) => {
    const line = vi.spyOn(log(), "info");
    const failed = vi.spyOn(log(), "error");
    await listen({}, async (request, response) => {
      if (request.url === "/gone") {
        request.socket.destroy();
        return;
      }
      if (request.url === "/half") {
        response.write("half");
        throw new Error("x");
      }
      response.statusCode = 404;
      response.end();
      if (request.url === "/late") response.statusCode = 500;
    });
    const answer = await ask(path).catch((error: NodeJS.ErrnoException) => error);
    if (expected.aborted) expect(answer).toMatchObject({ code: "ECONNRESET" });
    // A request of the previous test may be logged only now.
    const own = () => {
      const lines = line.mock.calls as unknown as [{ path?: string; aborted?: true; requestId: string }][];
      return lines.map(([said]) => said).filter((said) => said.path === expected.path);
    };
    await expect.poll(() => own().length).toBe(1);
    const [said] = own();
    expect(said).toMatchObject({ event: "request", address: "127.0.0.1", ...expected });
    expect(said && "aborted" in said).toBe(expected.aborted === true);
    expect(said && "status" in said).toBe(path !== "/gone");
    const failure = { event: "request-failed", requestId: said?.requestId, err: expect.any(Error) };
    expect(failed.mock.calls).toEqual(path === "/half" ? [[failure]] : []);
  });

  it("logs a client that has gone before its body came to an end, and no failure", async () => {
    const line = vi.spyOn(log(), "info");
    const failed = vi.spyOn(log(), "error");
    await listen();
    const socket = connect(front.port, "127.0.0.1");
    socket.write(
      "POST /left HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\nContent-Length: 9\r\n\r\n",
    );
    await once(front.server, "request");
    socket.destroy();
    const said = { event: "request", path: "/left", aborted: true };
    await expect.poll(() => line.mock.calls).toContainEqual([expect.objectContaining(said)]);
    await setImmediate();
    expect(failed).not.toHaveBeenCalled();
    expect(front.seen).toEqual([]);
  });
});

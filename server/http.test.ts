import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFront, type FrontOptions } from "./http";
import { MAX_BODY_BYTES } from "./request-body";

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

async function listen(options: Partial<FrontOptions> = {}): Promise<void> {
  const upgrade = (_: unknown, socket: { destroy: () => void }) => socket.destroy();
  server = createFront(
    { handle: echo, upgrade },
    { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: false, ...options },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
}

beforeEach(() => {
  seen = [];
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function ask(path: string, headers: Record<string, string> = {}, body?: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = { host: "localhost:3000", origin: "http://localhost:3000", ...headers };
    const method = body === undefined ? "GET" : "POST";
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

  it("drops what a client may not say", async () => {
    await listen();
    await ask("/", {
      "x-gatehouse-address": "6.6.6.6",
      "x-middleware-subrequest": "proxy:proxy",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "for=6.6.6.6",
    });
    expect(seen[0]?.headers).toMatchObject({
      "x-gatehouse-address": "127.0.0.1",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "localhost:3000",
      "x-forwarded-proto": "http",
    });
    expect(seen[0]?.headers).not.toHaveProperty("x-middleware-subrequest");
    expect(seen[0]?.headers).not.toHaveProperty("forwarded");
  });

  it("believes as many proxies as it is told to", async () => {
    await listen({ trustedProxies: 1, baseUrl: "https://id.example.com" });
    const { status } = await ask("/", {
      host: "127.0.0.1:3000",
      "x-forwarded-host": "id.example.com",
      "x-forwarded-for": "6.6.6.6, 203.0.113.9",
    });
    expect(status).toBe(200);
    expect(seen[0]?.headers).toMatchObject({
      host: "id.example.com",
      "x-gatehouse-address": "203.0.113.9",
      "x-forwarded-proto": "https",
    });
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
        "strict-transport-security": expect.any(String),
      });
    }
  });

  it("passes bodies on, announced and streamed, up to the limit", async () => {
    await listen();
    const body = "x".repeat(MAX_BODY_BYTES);
    await ask("/", { "content-length": String(body.length) }, [body]);
    await ask("/", {}, [body.slice(1000), body.slice(0, 1000)]);
    expect(seen.map((one) => one.body.length)).toEqual([MAX_BODY_BYTES, MAX_BODY_BYTES]);
  });

  it("refuses a larger body by its announced length, before any of it comes", async () => {
    await listen();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(
          "POST / HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\nContent-Length: 10485760\r\n\r\n",
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
});

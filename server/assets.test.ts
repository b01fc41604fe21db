import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, get, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliCompress, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { serveAssets } from "./assets";

vi.mock("node:zlib", async (importOriginal) => {
  const zlib = await importOriginal<typeof import("node:zlib")>();
  return { ...zlib, brotliCompress: vi.fn(zlib.brotliCompress) };
});

const SCRIPT = "console.log('Grüße');\n".repeat(500);
const FONT = "no real font";

let folder = "";
let passed: string[] = [];
const server = createServer();

/** Asks for a path as it is; `content` is what was sent, not decompressed. */
async function ask(pathname: string, headers: Record<string, string> = {}, method = "GET") {
  const { port } = server.address() as AddressInfo;
  type Answer = { status?: number; headers: IncomingHttpHeaders; content: Buffer };
  return new Promise<Answer>((resolve, reject) => {
    const request = get({ port, host: "127.0.0.1", path: pathname, headers, method }, async (response) => {
      const content = await buffer(response);
      resolve({
        ...(response.statusCode && { status: response.statusCode }),
        headers: response.headers,
        content,
      });
    });
    request.on("error", reject);
  });
}

beforeEach(async () => {
  passed = [];
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-assets-"));
  await mkdir(path.join(folder, "chunks"));
  await writeFile(path.join(folder, "chunks", "a-1.js"), SCRIPT);
  await writeFile(path.join(folder, "font.woff2"), FONT);
  await writeFile(path.join(folder, "notes.txt"), "of no known type");
  const handle = await serveAssets(folder, async (request, response) => {
    passed.push(`${request.method} ${request.url}`);
    response.writeHead(404).end();
  });
  server.removeAllListeners("request").on("request", handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

it.each([
  ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
  ["gzip, deflate", "gzip", gunzipSync],
  ["GZIP", "gzip", gunzipSync],
  ["deflate", undefined, (content: Buffer) => content],
  ["br;q=0, gzip;q=0", undefined, (content: Buffer) => content],
  [undefined, undefined, (content: Buffer) => content],
])("who accepts %s gets %s", async (accepted, coding, decode) => {
  const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
  for (let time = 0; time < 2; time += 1) {
    const answer = await ask("/_next/static/chunks/a-1.js?dpl=1", headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(answer.content.length),
      "cache-control": "public, max-age=31536000, immutable",
      vary: "Accept-Encoding",
    });
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(decode(answer.content).toString()).toBe(SCRIPT);
  }
  expect(passed).toEqual([]);
});

it("compresses a file once for all who ask for it, and again if that failed", async () => {
  const compress = vi.mocked(brotliCompress);
  const failOnce = (...args: unknown[]) => (args.at(-1) as (error: Error) => void)(new Error("no memory"));
  compress.mockClear().mockImplementationOnce(failOnce as typeof brotliCompress);
  const handle = await serveAssets(folder, async () => expect.unreachable());
  server.removeAllListeners("request").on("request", (request, response) => {
    handle(request, response).catch(() => response.writeHead(500).end());
  });
  const askForIt = () => ask("/_next/static/chunks/a-1.js", { "accept-encoding": "br" });
  expect((await askForIt()).status).toBe(500);
  expect((await Promise.all([1, 2, 3].map(askForIt))).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(compress).toHaveBeenCalledTimes(2);
});

it("does not compress a font again", async () => {
  const answer = await ask("/_next/static/font.woff2", { "accept-encoding": "gzip, br" });
  expect(answer.headers["content-type"]).toBe("font/woff2");
  expect(answer.headers["content-encoding"]).toBeUndefined();
  expect(answer.content.toString()).toBe(FONT);
});

it("answers HEAD with the headers alone", async () => {
  const answer = await ask("/_next/static/chunks/a-1.js", {}, "HEAD");
  expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(SCRIPT)));
  expect(answer.content).toHaveLength(0);
});

it("serves what was built, also after another build", async () => {
  await rm(path.join(folder, "chunks"), { recursive: true });
  expect((await ask("/_next/static/chunks/a-1.js")).content.toString()).toBe(SCRIPT);
});

it.each([
  "/_next/static/%63hunks/a-1.js",
  "/_next/static/chunks%2fa-1.js",
  "/_next/static/./chunks/../chunks/a-1.js",
  "/login/%2e%2e/_next/static/chunks/a-1.js?dpl=1",
])("does not leave %s to Next, which would find the file", async (pathname) => {
  expect((await ask(pathname)).status).toBe(200);
  expect(passed).toEqual([]);
});

it.each([
  "/login",
  "/_next/static",
  "/_next/static/chunks/b-2.js",
  "/_next/static/%2563hunks/a-1.js",
  "/_next/static/chunks/a-1.js/",
  "/_next/static/constructor",
  "/_next/static/notes.txt",
])("leaves %s to Next", async (pathname) => {
  expect((await ask(pathname)).status).toBe(404);
  expect(passed).toEqual([`GET ${pathname}`]);
});

it("leaves other methods to Next", async () => {
  await ask("/_next/static/chunks/a-1.js", {}, "OPTIONS");
  expect(passed).toEqual(["OPTIONS /_next/static/chunks/a-1.js"]);
});

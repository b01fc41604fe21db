import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { markHandled } from "@/lib/request/progress";
import { ask, front, listen, raw, testFronts } from "@/tests/support/front";
import type { Handler } from "./http";
import { MAX_BODY_BYTES } from "./request-body";

process.env.LOG_LEVEL = "silent";

testFronts();

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** The memory that this process uses, in bytes, without garbage. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const POST = "POST /api/auth/login HTTP/1.1\r\nHost: localhost:3000\r\n";

describe("the bodies that the front takes", () => {
  it("passes bodies on, announced and streamed, up to the limit", async () => {
    await listen();
    const body = Array.from({ length: MAX_BODY_BYTES / 8 }, (_, index) => String(index).padStart(8)).join("");
    await ask("/", { "content-length": String(MAX_BODY_BYTES) }, [body]);
    await ask("/", {}, [body.slice(0, 1000), body.slice(1000)]);
    expect(front.seen.map((one) => one.body === body)).toEqual([true, true]);
  });

  it.each([
    ["before any of it comes", 0],
    ["also where that is announced after thousands of other headers", 2_500],
  ])("refuses a larger body by its announced length, %s", async (_when, others) => {
    await listen();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(front.port, "127.0.0.1", () => {
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
    expect(front.seen).toEqual([]);
  });

  it("reads on while whoever it refuses sends the rest, and closes after that, so that its answer can be read", async () => {
    await listen();
    let read = () => 0;
    front.server.once("connection", (socket) => {
      read = () => socket.bytesRead;
    });
    const rest = "x".repeat(8 * MAX_BODY_BYTES);
    let answer = "";
    const socket = connect(front.port, "127.0.0.1").on("error", () => undefined);
    socket.write(`${POST}Content-Length: ${rest.length}\r\n\r\n`);
    socket.once("data", () => socket.write(rest));
    for await (const piece of socket) answer += piece;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(read()).toBeGreaterThan(rest.length);
  });

  it("soon hangs up on whoever it refuses, if the rest of the body never comes", async () => {
    await listen();
    let answer = "";
    const socket = connect(front.port, "127.0.0.1").setTimeout(10_000, () =>
      socket.destroy(new Error("It waits.")),
    );
    socket.write(`${POST}Content-Length: 10485760\r\n\r\n`);
    for await (const piece of socket) answer += piece;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each(["announced", "streamed"])("takes no more for a page than for a call, %s", async (how) => {
    await listen();
    const body = "x".repeat(65_537);
    const headers: Record<string, string> =
      how === "announced" ? { "content-length": String(body.length) } : {};
    expect((await ask("/login", headers, [body])).status).toBe(413);
    expect(front.seen).toEqual([]);
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
    expect(front.seen).toEqual([]);
  });

  describe("with thousands of references for Next to follow", () => {
    const references = (sign: string) => `[{"a":[${Array.from({ length: 1_001 }, () => `"${sign}R1"`)}]}]`;
    const packed = Buffer.from(references("$")).toString("base64");

    it.each([
      ["as they are", references("$")],
      ["as escapes", references("\\u0024")],
      ["in UTF-16", Buffer.from(references("$"), "utf16le").toString("latin1")],
      ["as escapes in UTF-16", Buffer.from(references("\\u0024"), "utf16le").toString("latin1")],
      [
        "in Base64",
        `--x\r\ncontent-disposition: form-data; name=0\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`,
      ],
    ])("never show a form to Next, %s", async (_how, body) => {
      await listen();
      expect(await ask("/login", { "next-action": "x" }, [body])).toMatchObject({
        status: 400,
        body: expect.stringMatching(/^The form could not be read/),
      });
      expect(front.seen).toEqual([]);
    });

    it("pass on a form with passwords of nothing but such signs, and a call", async () => {
      await listen();
      expect((await ask("/login", { "next-action": "x" }, ["$".repeat(1_000)])).status).toBe(200);
      expect((await ask("/api/auth/login", {}, [references("$")])).status).toBe(200);
      expect(front.seen.map(({ body }) => body)).toEqual(["$".repeat(1_000), references("$")]);
    });
  });

  it("hands a body of a program on when it is whole", async () => {
    await listen();
    const answer = raw(`${POST}Connection: close\r\nContent-Length: 4\r\n\r\nabcd`);
    expect(await answer).toContain("answered");
    const asked = raw(`${POST}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nefgh`);
    expect(await asked).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    // RFC 9110, 10.1.1: an older client would take the permission for the answer.
    const older = raw(
      `${POST.replace("HTTP/1.1", "HTTP/1.0")}Expect: 100-continue\r\nContent-Length: 4\r\n\r\nijkl`,
    );
    expect(await older).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(front.seen.map(({ body }) => body)).toEqual(["abcd", "efgh", "ijkl"]);
  });

  it("keeps hardly more of a body than its bytes, however small the pieces that it comes in", async () => {
    await listen();
    const arrived: Socket[] = [];
    front.server.on("connection", (socket) => arrived.push(socket));
    const unfinished = Buffer.from(`${POST}Transfer-Encoding: chunked\r\n\r\n${"1\r\nx\r\n".repeat(30_000)}`);
    const before = memoryInUse();
    const sockets = Array.from({ length: 10 }, () => {
      const socket = connect(front.port, "127.0.0.1", () => socket.write(unfinished));
      return socket;
    });
    await expect
      .poll(() => arrived.filter(({ bytesRead }) => bytesRead === unfinished.length).length)
      .toBe(sockets.length);
    expect(memoryInUse() - before).toBeLessThan(10_000_000);
    for (const socket of sockets) socket.destroy();
  });

  it.each(["/api/auth/login", "/login"])("begins nothing at %s before the body is whole", async (path) => {
    let begun = 0;
    await listen({}, async (_, response) => {
      begun += 1;
      response.end("answered");
    });
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: http://localhost:3000\r\n`;
    const socket = connect(front.port, "127.0.0.1", () => socket.write(`${head}Content-Length: 4\r\n\r\nab`));
    await ask("/");
    await ask("/");
    expect(begun).toBe(2);
    socket.write("cd");
    await expect.poll(() => begun).toBe(3);
    socket.destroy();
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
        front.server.close();
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
});

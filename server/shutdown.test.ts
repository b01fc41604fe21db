import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { drain, Shutdown } from "./shutdown";

process.env.LOG_LEVEL = "silent";

/** Less than Node's keep-alive timeout of five seconds, and long enough for a busy machine. */
const AT_ONCE_MS = 3_000;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("drain", () => {
  it("lets an answer under way come to its end, and takes no new one", async () => {
    let end = (): unknown => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const server = createServer((_, response) => {
      end = () => response.end("whole");
      isAsked();
    });
    const port = await listen(server);
    const answer = new Promise<string>((resolve, reject) => {
      get({ port, host: "127.0.0.1" }, (response) => {
        response.on("data", (chunk) => resolve(String(chunk)));
      }).on("error", reject);
    });
    await asked;
    const swept = vi.spyOn(server, "closeIdleConnections");
    const drained = drain(server);
    const late = new Promise((resolve) => connect(port, "127.0.0.1").once("error", resolve));
    expect(await late).toMatchObject({ code: "ECONNREFUSED" });
    await expect.poll(() => swept.mock.calls.length).toBeGreaterThan(3);
    end();
    expect(await answer).toBe("whole");
    const begun = Date.now();
    await drained;
    expect(Date.now() - begun).toBeLessThan(AT_ONCE_MS);
  });

  it("does not wait for connections on which nothing is asked", async () => {
    const server = createServer((_, response) => response.end());
    const socket = connect(await listen(server), "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    const begun = Date.now();
    await drain(server);
    expect(Date.now() - begun).toBeLessThan(AT_ONCE_MS);
  });

  it("does not wait for a connection that has not been used, such as a browser's spare one", async () => {
    const server = createServer({ connectionsCheckingInterval: 10 });
    const accepted = once(server, "connection");
    connect(await listen(server), "127.0.0.1").on("error", () => undefined);
    await accepted;
    const begun = Date.now();
    await drain(server);
    expect(Date.now() - begun).toBeLessThan(AT_ONCE_MS);
  });

  it("answers a request that was on its way on an idle connection when it began", async () => {
    const server = createServer((_, response) => response.end());
    const socket = connect(await listen(server), "127.0.0.1");
    socket.on("error", () => undefined);
    let received = "";
    socket.on("data", (data) => {
      received += data;
    });
    const answers = () => received.split("HTTP/1.1 200 OK").length - 1;
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(answers).toBe(1);
    const drained = drain(server);
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    await drained;
    expect(answers()).toBe(2);
  });

  it("does not wait for ever for an answer that does not come to its end", async () => {
    const server = createServer((_, response) => response.write("a part"));
    const socket = connect(await listen(server), "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await drain(server, 50);
    await closed;
    expect(server.listening).toBe(false);
  });
});

describe("Shutdown", () => {
  it("closes in the reverse order, once, past a step that fails", async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown();
    for (const name of ["database", "pool", "server"]) {
      shutdown.add(name, async () => {
        // Each takes its time, and the next one waits for it.
        await setImmediate();
        closed.push(name);
        if (name === "pool") throw new Error("broken");
      });
    }
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(closed).toEqual(["server", "pool", "database"]);
  });

  it("at a signal waits for the start, closes everything and exits well; asked again, exits at once", async () => {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const before = signals.map((signal) => process.listeners(signal));
    const exits: unknown[] = [];
    const exit = vi.spyOn(process, "exit").mockImplementation((code) => exits.push(code) as never);
    const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
    try {
      const said: string[] = [];
      const shutdown = new Shutdown();
      let fail = (_: Error): void => undefined;
      shutdown.onSignal(new Promise((_, reject) => (fail = reject)), (line) => said.push(line));
      const [interrupt, terminate, hangUp] = signals.map((signal, index) => () => {
        const added = process.listeners(signal).filter((one) => !before[index]?.includes(one));
        for (const listener of added) listener(signal);
      });
      expect(shutdown.asked.aborted).toBe(false);
      terminate?.();
      expect(shutdown.asked.aborted, "a start that is under way is told").toBe(true);
      // npm forwards a signal that the terminal has already sent to this process.
      now.mockReturnValue(1_700);
      interrupt?.();
      expect([said, exits, shutdown.hasBegun]).toEqual([["Stopping …"], [], false]);
      now.mockReturnValue(2_000);
      hangUp?.();
      expect(exits).toEqual([130]);
      const closed = vi.fn(async () => undefined);
      shutdown.add("what the start has opened meanwhile", closed);
      fail(new Error("the start did not come to its end"));
      await vi.waitFor(() => expect(exits).toEqual([130, 0]));
      expect(closed).toHaveBeenCalledOnce();
    } finally {
      exit.mockRestore();
      now.mockRestore();
      for (const [index, signal] of signals.entries()) {
        for (const listener of process.listeners(signal))
          if (!before[index]?.includes(listener)) process.off(signal, listener);
      }
    }
  });
});

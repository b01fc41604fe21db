import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { limitConnections, mostConnections } from "./connections";
import { FrontResponse } from "./front-response";
import { createFront } from "./http";

process.env.LOG_LEVEL = "silent";
afterEach(() => vi.restoreAllMocks());

it.each([
  [256, 80],
  [1_024, 464],
  [1_048_576, 524_240],
  [64, 1],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])("of %d files, clients get %d, and the files that they read as many again", (openFiles, most) => {
  expect(mostConnections(openFiles)).toBe(most);
});

it("a connection beyond the limit is closed, and the others are answered", async () => {
  const server = createServer((_request, response) => response.end("here"));
  limitConnections(server, 100);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  const open = async () => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  };
  const [first] = [await open(), await open()];
  const dropped = await open();
  await once(dropped, "close");
  first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(String((await once(first, "data"))[0])).toContain("200 OK");
  for (const socket of sockets) socket.destroy();
  server.close();
});

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const GET_HELD = GET.replace("/", "/held");
const GET_LARGE = GET.replace("/", "/large");
const LARGE = 64 * 1_024 * 1_024;

describe("with the last room taken", () => {
  let seconds: number;
  let server: Server;
  let held: ServerResponse[];
  let sockets: Socket[];

  beforeEach(async () => {
    [seconds, held, sockets] = [0, [], []];
    vi.spyOn(performance, "now").mockImplementation(() => seconds * 1_000);
    server = createServer({ ServerResponse: FrontResponse }, (request, response) => {
      connections.received(response);
      if (request.url === "/held") held.push(response);
      else if (request.url === "/parts") writeParts(response);
      else if (request.url === "/large") response.end(Buffer.alloc(LARGE));
      else request.resume().once("end", () => response.end("here"));
    });
    const connections = limitConnections(server, 102);
    expect(server.maxConnections).toBe(3);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Writes 64 MiB, each piece when the one before is on the way. */
  function writeParts(response: ServerResponse): void {
    const piece = Buffer.alloc(64 * 1_024);
    Readable.from(Array.from({ length: 1_024 }, () => piece)).pipe(response);
  }

  /** Reads so many bytes on a connection, and then no more. */
  async function readMore(socket: Socket, bytes: number): Promise<void> {
    const goal = socket.bytesRead + bytes;
    socket.on("data", () => socket.bytesRead < goal || socket.pause());
    socket.resume();
    await once(socket, "pause");
    socket.removeAllListeners("data");
  }

  /** Opens a connection, sends text on it, and waits until the server has read it all. */
  async function send(text: string): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, "connection");
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    socket.write(text);
    const [atServer] = await accepted;
    await expect.poll(() => atServer.bytesRead).toBe(text.length);
    return socket;
  }

  /** Asks on a connection of its own, and returns whether an answer came. */
  async function isServed(): Promise<boolean> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    socket.write(GET);
    const first = await Promise.race([once(socket, "data"), once(socket, "close")]);
    return String(first).includes("200 OK");
  }

  const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
  it.each([
    ["has sent nothing", "", 1],
    ["has sent half of the headers", "GET / HTTP/1.1\r\nHost:", 1],
    ["has sent half of the body", `${post}half`, 1],
    ["has its answer, and asks for nothing more", GET, 1],
    ["has its answer, and sends half of the next headers", `${GET}GET / HTTP/1.1\r\nHost:`, 1],
    ["does not read the answer", GET_LARGE, 10],
  ])("a connection whose client %s makes room", async (_, text, afterSeconds) => {
    const slow = await send(text);
    slow.pause();
    await send(GET_HELD);
    await send(GET_HELD);
    seconds = afterSeconds - 0.001;
    expect(await isServed()).toBe(false);
    seconds = afterSeconds + 1;
    // The first one finds no room yet, but makes some.
    await isServed();
    expect(await isServed()).toBe(true);
    expect(held.map((response) => response.destroyed)).toEqual([false, false]);
  });

  it("whoever reads a long answer steadily stays, and goes after a pause", async () => {
    const reading = await send(GET.replace("/", "/parts"));
    reading.pause();
    await send(GET_HELD);
    await send(GET_HELD);
    for (let read = 0; read < 3; read += 1) {
      seconds += 9;
      expect(await isServed()).toBe(false);
      await readMore(reading, 8 * 1_024 * 1_024);
    }
    const isServedLater = () => {
      seconds += 11;
      return isServed();
    };
    await expect.poll(isServedLater).toBe(true);
    expect(reading.bytesRead).toBeLessThan(LARGE);
    expect(held.map((response) => response.destroyed)).toEqual([false, false]);
  });

  it("whoever reads of an answer, but less than 256 KiB in ten seconds, makes room", async () => {
    const accepted = once(server, "connection");
    (await send(GET_LARGE)).pause();
    const [atServer] = await accepted;
    // In place of the kernel, whose buffers take more than the client reads.
    let read = 0;
    Object.defineProperty(atServer, "bytesWritten", { get: () => atServer.writableLength + read });
    await send(GET_HELD);
    await send(GET_HELD);
    seconds = 9.999;
    read = 256 * 1_024 - 1;
    expect(await isServed()).toBe(false);
    seconds = 11;
    await isServed();
    expect(await isServed()).toBe(true);
  });

  it("what a client has read of an answer gives it no longer for the next, nor does what it leaves unread", async () => {
    await send(GET_HELD);
    await send(GET_HELD);
    const client = (await send(GET_LARGE)).resume();
    await expect.poll(() => client.bytesRead).toBeGreaterThan(LARGE);
    client.pause();
    const arrived = once(server, "request");
    client.write(GET_LARGE);
    await arrived;
    seconds = 9.999;
    expect(await isServed()).toBe(false);
    seconds = 11;
    await isServed();
    expect(await isServed()).toBe(true);
  });

  it("whoever waited long for the answer has as much time to read it as others", async () => {
    const [waiting] = [await send(GET_HELD), await send(GET_HELD), await send(GET_HELD)];
    waiting.pause();
    await expect.poll(() => held.length).toBe(3);
    seconds = 60;
    held[0]?.end(Buffer.alloc(LARGE));
    await expect.poll(() => held[0]?.socket?.writableLength).toBeGreaterThan(0);
    for (const after of [0, 9]) {
      seconds = 60 + after;
      expect(await isServed()).toBe(false);
      expect(held[0]?.destroyed).toBe(false);
    }
  });

  it("those that wait for an answer, or for more of one, stay", async () => {
    const [waiting, , reading] = [await send(GET_HELD), await send(GET_HELD), await send(GET_HELD)];
    await expect.poll(() => held.length).toBe(3);
    held[2]?.write("the first half");
    expect(String((await once(reading, "data"))[0])).toContain("the first half");
    for (const _each of Array.from({ length: 3 })) {
      seconds += 60;
      expect(await isServed()).toBe(false);
    }
    held[0]?.end("at last");
    expect(String((await once(waiting, "data"))[0])).toContain("at last");
    held[2]?.end("the second half");
    expect(String((await once(reading, "data"))[0])).toContain("the second half");
  });

  it("the connection that takes it makes room as well, and the next one is served", async () => {
    const slow = await send("");
    await send(GET_HELD);
    seconds = 2;
    const closed = once(slow, "close");
    await send(GET_HELD);
    await closed;
    expect(await isServed()).toBe(true);
  });

  it("a client has time anew after each answer, and for each request", async () => {
    const client = await send(GET_HELD);
    await expect.poll(() => held.length).toBe(1);
    seconds = 60;
    held[0]?.end("at last");
    expect(String((await once(client, "data"))[0])).toContain("at last");
    await send(GET_HELD);
    await send(GET_HELD);
    seconds = 120;
    const arrived = once(server, "request");
    client.write(`${post}half`);
    await arrived;
    expect(await isServed()).toBe(false);
    client.write(" more");
    expect(String((await once(client, "data"))[0])).toContain("here");
  });

  it("is not taken by those that have closed", async () => {
    const open = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    for (let times = 0; times < 3; times += 1) (await send("")).destroy();
    await expect.poll(open).toBe(0);
    const quiet = await send("");
    seconds = 60;
    await send(GET_HELD);
    quiet.write(GET);
    expect(String((await once(quiet, "data"))[0])).toContain("here");
  });

  it("all connections are looked through once a second, however many are turned away", async () => {
    await send("");
    seconds = 1.5;
    await send("");
    seconds = 2;
    await send(GET_HELD);
    await expect.poll(isServed).toBe(true);
    seconds = 2.9;
    for (let times = 0; times < 3; times += 1) expect(await isServed()).toBe(false);
    seconds = 3;
    await isServed();
    expect(await isServed()).toBe(true);
  });

  it("the log says so once a minute, however many are turned away", async () => {
    const warn = vi.spyOn(log(), "warn");
    for (let times = 0; times < 3; times += 1) await send(GET_HELD);
    for (const at of [0, 1, 59, 60, 61]) {
      seconds = at;
      expect(await isServed()).toBe(false);
    }
    expect(warn.mock.calls).toEqual(Array(2).fill([{ event: "connections-full", most: 3 }]));
  });
});

it("of the answers on a connection, no finished one is kept when the next request comes", () => {
  const server = createServer().removeAllListeners("connection");
  const connections = limitConnections(server, 100);
  const socket = new Socket();
  server.emit("connection", socket);
  const finished = () => ({ req: { socket }, writableFinished: true }) as unknown as FrontResponse;
  const first = finished();
  connections.received(first);
  expect(connections.answerOn(socket)).toBe(first);
  connections.received(finished());
  // Were it kept, it would count as pending.
  Object.assign(first, { writableFinished: false });
  expect(connections.answerOn(socket)).not.toBe(first);
});

it("the front leaves file descriptors for other uses than clients", () => {
  const nothing = { handle: async () => undefined, upgrade: () => undefined };
  const options = { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: false };
  Object.assign(process.report, { excludeNetwork: false });
  vi.spyOn(process.report, "getReport").mockImplementation(() => {
    // With it, the report would wait for the names of all hosts that this process is connected to.
    expect(process.report).toHaveProperty("excludeNetwork", true);
    return { userLimits: { open_files: { soft: 256 } } };
  });
  expect(createFront(nothing, options).maxConnections).toBe(80);
});

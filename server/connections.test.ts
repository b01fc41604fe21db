import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { limitConnections, mostConnections } from "./connections";
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

it("idle connections make room for others, and those that wait for an answer stay", async () => {
  const held: ServerResponse[] = [];
  let seconds = 0;
  const server = createServer((request, response) => {
    if (request.url === "/held") held.push(response);
    else response.end("here");
  });
  vi.spyOn(performance, "now").mockImplementation(() => seconds * 1_000);
  limitConnections(server, 102);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  };
  const waiting = ask("/held");
  await once(server, "request");
  const sockets = [waiting];
  for (const _each of Array.from({ length: 6 })) {
    seconds += 1;
    const socket = ask("/");
    sockets.push(socket);
    expect(String(await Promise.race([once(socket, "data"), once(socket, "close")]))).toContain("200 OK");
  }
  held[0]?.end("at last");
  expect(String(await once(waiting, "data"))).toContain("at last");
  for (const socket of sockets) socket.destroy();
  server.close();
});

it("the front leaves file descriptors for other uses than clients", () => {
  const nothing = { handle: async () => undefined, upgrade: () => undefined };
  const options = { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: false };
  vi.spyOn(process.report, "getReport").mockReturnValue({ userLimits: { open_files: { soft: 256 } } });
  expect(createFront(nothing, options).maxConnections).toBe(80);
});

import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, vi } from "vitest";
import { createFront, type FrontOptions, type Handler, type Upgrade } from "@/server/http";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** The front of the current test, its port, and the requests that it has passed on to `echo`. */
export const front = {
  server: null as unknown as Server,
  port: 0,
  seen: [] as { headers: IncomingHttpHeaders; body: string }[],
};

/** Registers the hooks of a file that tests fronts: each test begins with nothing seen, and leaves nothing open. */
export function testFronts(): void {
  beforeEach(() => {
    front.seen = [];
  });
  afterEach(() => {
    vi.restoreAllMocks();
    front.server.close();
    front.server.closeAllConnections();
  });
}

/** Stands for Next: records a request, and answers it. */
export async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  front.seen.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
  res.end("answered");
}

const refuseUpgrade: Upgrade = (_, socket) => socket.destroy();

/** Starts a front on a free port. */
export async function listen(
  options: Partial<FrontOptions> = {},
  handle: Handler = echo,
  upgrade: Upgrade = refuseUpgrade,
): Promise<void> {
  const server = createFront(
    { handle, upgrade },
    { baseUrl: "http://localhost:3000", trustedProxies: 0, isDev: false, ...options },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  Object.assign(front, { server, port: (server.address() as AddressInfo).port });
}

/** Asks the front, as its own page would. With a body, given in chunks, it is a POST. */
export function ask(
  path: string,
  headers: Record<string, string> = {},
  body?: string[],
  method = body === undefined ? "GET" : "POST",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = { host: "localhost:3000", origin: "http://localhost:3000", ...headers };
    const req = request({ host: "127.0.0.1", port: front.port, path, method, headers: own }, (res) => {
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

/** Sends text on a connection of its own, and returns everything that came until the front closed it. */
export function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = "";
    const socket = connect(front.port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => {
      got += data;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(got));
  });
}

import { createServer } from "node:http";
import type { Handler, Upgrade } from "./http";

/** Next, ready to answer. */
export type ConsoleApp = Readonly<{
  handle: Handler;
  /** The development server's socket for hot reload; anything else that wants to upgrade is hung up on. */
  upgrade: Upgrade;
  close: () => Promise<void>;
}>;

type NextModule = typeof import("next");

/** Loads Next's modules, which needs nothing of the database and so can go on beside its start. */
export async function loadNext(): Promise<NextModule> {
  return import("next");
}

type Place = Readonly<{ hostname: string; port: number; isProxied: boolean }>;

/** What listens on every address is reached on this machine by its loopback. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/**
 * Where Next asks for the page that an action leads to, and that it answers the action with. Undefined for the name and the
 * scheme by which the client called: without a proxy, we answer to no other name, and with one, nobody here may speak TLS.
 */
export function innerOrigin({ hostname, port, isProxied }: Place): string | undefined {
  if (!isProxied) return undefined;
  const host = LOOPBACK[hostname] ?? (hostname.includes(":") ? `[${hostname}]` : hostname);
  return `http://${host}:${port}`;
}

/** Prepares the built console, or in development the one that follows the sources. */
export async function prepareConsole(
  { default: next }: NextModule,
  place: Place & { isDev: boolean },
): Promise<ConsoleApp> {
  const { isDev, hostname, port } = place;
  const inner = innerOrigin(place);
  if (inner !== undefined) process.env.__NEXT_PRIVATE_ORIGIN = inner;
  // Next listens for upgrades by itself, on the server its requests came through, past all that the front checks.
  // It is given a server that never listens.
  const upgrades = createServer();
  const app = next({
    dev: isDev,
    dir: process.cwd(),
    hostname,
    port,
    quiet: !isDev,
    httpServer: upgrades,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (request, response) => handle(request, response),
    upgrade(request, socket, head) {
      if (!upgrades.emit("upgrade", request, socket, head)) socket.destroy();
    },
    close: () => app.close(),
  };
}

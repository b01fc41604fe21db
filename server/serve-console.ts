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

/** What listens on every address is reached on this machine by its loopback. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/** Where Next, which would take `BASE_URL`'s scheme and any address for a name, asks us for the page that an action leads to. */
export function innerOrigin(hostname: string, port: number): string {
  const host = LOOPBACK[hostname] ?? (hostname.includes(":") ? `[${hostname}]` : hostname);
  return `http://${host}:${port}`;
}

/** Prepares the built console, or in development the one that follows the sources. */
export async function prepareConsole(
  { default: next }: NextModule,
  { isDev, hostname, port }: Readonly<{ isDev: boolean; hostname: string; port: number }>,
): Promise<ConsoleApp> {
  process.env.__NEXT_PRIVATE_ORIGIN = innerOrigin(hostname, port);
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

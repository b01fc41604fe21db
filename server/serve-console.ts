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

/** Prepares the built console, or in development the one that follows the sources. */
export async function prepareConsole(
  { default: next }: NextModule,
  { isDev, hostname, port }: Readonly<{ isDev: boolean; hostname: string; port: number }>,
): Promise<ConsoleApp> {
  // An action that leads to another page is answered with that page, which Next asks of itself: by BASE_URL's scheme, unless
  // it is told where it listens, and here nobody speaks TLS.
  process.env.__NEXT_PRIVATE_ORIGIN = `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
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

import { createServer } from "node:http";
import type { Handler, Upgrade } from "./http";

/** Next, ready to handle requests. */
export type ConsoleApp = Readonly<{
  handle: Handler;
  /** Passes an upgrade to the development server's hot reload; closes the socket if nobody takes it. */
  upgrade: Upgrade;
  close: () => Promise<void>;
}>;

type NextModule = typeof import("next");

/** Loads Next's modules. This does not need the database, so it can run while the database starts. */
export async function loadNext(): Promise<NextModule> {
  return import("next");
}

/** A server that listens on all addresses is reached by that of IPv4's loopback; many containers have no other. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "127.0.0.1" };

/**
 * Returns the origin at which Next fetches, from this server, the page that an action redirects to. Next by itself
 * would use `BASE_URL`'s scheme, and the listening address as a host name.
 */
export function innerOrigin(hostname: string, port: number): string {
  const host = LOOPBACK[hostname] ?? (hostname.includes(":") ? `[${hostname}]` : hostname);
  return `http://${host}:${port}`;
}

/** Prepares the built console, or, in development, one with hot reload. */
export async function prepareConsole(
  { default: next }: NextModule,
  { isDev, hostname, port }: Readonly<{ isDev: boolean; hostname: string; port: number }>,
): Promise<ConsoleApp> {
  process.env.__NEXT_PRIVATE_ORIGIN = innerOrigin(hostname, port);
  // With NODE_USE_ENV_PROXY, newer versions of Node would send these requests, with the person's session, through a proxy.
  process.env.NO_PROXY = "*";
  process.env.no_proxy = "*";
  // Next would read .env files, and so give the console other settings than the rest of the process has.
  process.env.__NEXT_PROCESSED_ENV = "true";
  // Next attaches its own upgrade listener to the server that its requests come through, and so bypasses the front's
  // checks. It is given a server that never listens.
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

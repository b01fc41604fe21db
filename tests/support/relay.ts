import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The URL of a database through a relay, and a function that stops the relay. */
export type Relay = { url: string; stop: () => void };

/**
 * Starts a TCP relay to a database.
 * @param pass forwards the messages of a connection in both directions; nothing else does
 */
export async function startRelay(
  databaseUrl: string,
  pass: (client: Socket, upstream: Socket) => void,
): Promise<Relay> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one.setNoDelay(true));
      one.on("error", () => undefined);
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
    pass(client, upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: url.href, stop };
}

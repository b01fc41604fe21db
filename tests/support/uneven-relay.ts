import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LATE_EVERY = 6;
const MAX_DELAY_MS = 20;

/**
 * A way to a database on which some messages take longer, by chance: what several processes do there at once then comes
 * in between each other's statements, which on one machine it hardly ever does.
 * @returns the database's address by that way
 */
export async function startUnevenRelay(
  databaseUrl: string,
  chance: () => number,
): Promise<{ url: string; stop: () => void }> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from.setNoDelay(true));
      from.on("error", () => undefined);
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      let earlier = Promise.resolve();
      from.on("data", (message) => {
        earlier = earlier.then(async () => {
          if (chance() < 1 / LATE_EVERY) await sleep(chance() * MAX_DELAY_MS);
          to.write(message);
        });
      });
    }
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

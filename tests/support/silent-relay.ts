import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A way to a database on which nothing comes back any more, over a connection, once something was sent there that has
 * `word` in it. It is carried out all the same.
 * @returns the database's address by that way
 */
export async function startSilentRelay(
  databaseUrl: string,
  word: string,
): Promise<{ url: string; stop: () => void }> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isSilent = false;
    client.on("data", (message) => {
      isSilent ||= message.includes(word);
      upstream.write(message);
    });
    upstream.on("data", (message) => {
      if (!isSilent) client.write(message);
    });
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

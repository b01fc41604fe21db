import { type Relay, startRelay } from "./relay";

/**
 * A way to a database on which nothing comes back any more, over a connection, once something was sent there that has
 * `word` in it. It is carried out all the same.
 */
export function startSilentRelay(databaseUrl: string, word: string): Promise<Relay> {
  return startRelay(databaseUrl, (client, upstream) => {
    let isSilent = false;
    client.on("data", (message) => {
      isSilent ||= message.includes(word);
      upstream.write(message);
    });
    upstream.on("data", (message) => {
      if (!isSilent) client.write(message);
    });
  });
}

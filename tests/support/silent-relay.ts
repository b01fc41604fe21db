import { type Relay, startRelay } from "./relay";

/**
 * Starts a relay that drops all answers on a connection once a message with `word` in it was sent there. The database
 * still executes what is sent.
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

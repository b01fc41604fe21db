import { type Relay, startRelay } from "./relay";

/**
 * Starts a relay that drops all answers on a connection once a message with `word` in it was sent there. The database
 * still executes what is sent.
 * @returns also when the first connection fell silent, by `performance.now()`; NaN before
 */
export async function startSilentRelay(
  databaseUrl: string,
  word: string,
): Promise<Relay & { silentSince: () => number }> {
  let silentSince = Number.NaN;
  const relay = await startRelay(databaseUrl, (client, upstream) => {
    let isSilent = false;
    client.on("data", (message) => {
      if (!isSilent && message.includes(word)) {
        isSilent = true;
        if (Number.isNaN(silentSince)) silentSince = performance.now();
      }
      upstream.write(message);
    });
    upstream.on("data", (message) => {
      if (!isSilent) client.write(message);
    });
  });
  return { ...relay, silentSince: () => silentSince };
}

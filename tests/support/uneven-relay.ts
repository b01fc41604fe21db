import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Relay, startRelay } from "./relay";

const LATE_EVERY = 6;
const MAX_DELAY_MS = 20;

/**
 * A way to a database on which some messages take longer, by chance: what several processes do there at once then comes
 * in between each other's statements, which on one machine it hardly ever does.
 */
export function startUnevenRelay(databaseUrl: string, chance: () => number): Promise<Relay> {
  function passUnevenly(from: Socket, to: Socket): void {
    let earlier = Promise.resolve();
    from.on("data", (message) => {
      earlier = earlier.then(async () => {
        if (chance() < 1 / LATE_EVERY) await sleep(chance() * MAX_DELAY_MS);
        to.write(message);
      });
    });
  }
  return startRelay(databaseUrl, (client, upstream) => {
    passUnevenly(client, upstream);
    passUnevenly(upstream, client);
  });
}

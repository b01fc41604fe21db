import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Relay, startRelay } from "./relay";

const LATE_EVERY = 6;
const MAX_DELAY_MS = 20;

/**
 * Starts a relay that delays random messages. The statements of several processes then interleave, which on one machine
 * they hardly ever do.
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

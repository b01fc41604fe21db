import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Relay, startRelay } from "./relay";

const DELAY_ONE_IN = 6;
const MAX_DELAY_MS = 20;

/**
 * Starts a relay that delays random messages. The statements of several processes then interleave, which on one machine
 * they hardly ever do.
 */
export function startJitterRelay(databaseUrl: string, chance: () => number): Promise<Relay> {
  function passWithJitter(from: Socket, to: Socket): void {
    let earlier = Promise.resolve();
    from.on("data", (message) => {
      earlier = earlier.then(async () => {
        if (chance() < 1 / DELAY_ONE_IN) await sleep(chance() * MAX_DELAY_MS);
        to.write(message);
      });
    });
  }
  return startRelay(databaseUrl, (client, upstream) => {
    passWithJitter(client, upstream);
    passWithJitter(upstream, client);
  });
}

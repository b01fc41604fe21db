import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { deliverDueMails } from "./delivery";

/** How soon a mail that was left in the outbox is noticed. */
const LOOK_MS = 1_000;
/** How long a server that did not answer is left alone; each mail waits for longer than that by itself. */
const SERVER_AWAY_MS = 5_000;

/** Begins to deliver what is in the outbox, in this process, until it stops. */
export function startMailWorker(): void {
  repeatInBackground("mail", async (stopped) => {
    const { tried, isServerAway } = await deliverDueMails(() => new Date(), stopped);
    if (isServerAway) return SERVER_AWAY_MS;
    return tried > 0 ? 0 : LOOK_MS;
  });
}

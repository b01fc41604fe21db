import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { log } from "@/lib/core/log";
import { deliverDueMails } from "./delivery";

/** How soon a mail that was left in the outbox is noticed. */
const LOOK_MS = 1_000;
/** How long a server that did not answer is left alone; each mail waits for longer than that by itself. */
const SERVER_AWAY_MS = 5_000;

/** How often the log is told that no mail goes out. */
const TELL_EVERY_MS = 60_000;

/** Tells the log that the server takes no mail: at once, and while it lasts now and then, however many mails wait. */
export function awayTeller(now: () => number): (away: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (away) => {
    if (now() - toldAt < TELL_EVERY_MS) return;
    toldAt = now();
    log().warn({ event: "mail-server-away", reason: away });
  };
}

/** Begins to deliver what is in the outbox, in this process, until it stops. */
export function startMailWorker(): void {
  const tellAway = awayTeller(() => performance.now());
  repeatInBackground("mail", async (stopped) => {
    const { tried, away } = await deliverDueMails(() => new Date(), stopped);
    if (away !== null && !stopped.aborted) tellAway(away);
    if (away !== null) return SERVER_AWAY_MS;
    return tried > 0 ? 0 : LOOK_MS;
  });
}

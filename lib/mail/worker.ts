import "server-only";
import { repeatInBackground } from "@/lib/core/background";
import { log } from "@/lib/core/log";
import { deliverDueMails } from "./due-mails";

/** The pause when no mail is due, in milliseconds: a new mail waits no longer than that. */
const POLL_INTERVAL_MS = 1_000;
/** The pause in milliseconds after the server did not answer. Each mail has a longer back-off of its own. */
const SERVER_AWAY_MS = 5_000;

/** The shortest time between two log entries about a server that takes no mail, in milliseconds. */
const LOG_INTERVAL_MS = 60_000;

/**
 * Creates a function that logs that the server takes no mail: at once, and then at most once per interval, however many
 * mails wait.
 * @param now a monotonic clock in milliseconds
 */
export function createServerAwayLogger(now: () => number): (away: string) => void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return (away) => {
    if (now() - loggedAt < LOG_INTERVAL_MS) return;
    loggedAt = now();
    log().warn({ event: "mail-server-away", reason: away });
  };
}

/** Starts to deliver the mails of the outbox in this process, until it stops. */
export function startMailWorker(): void {
  const logServerAway = createServerAwayLogger(() => performance.now());
  repeatInBackground("mail", async (stopped, ending) => {
    const { tried, away } = await deliverDueMails(() => new Date(), { stopped, ending });
    if (away !== null && !stopped.aborted) logServerAway(away);
    if (away !== null) return SERVER_AWAY_MS;
    return tried > 0 ? 0 : POLL_INTERVAL_MS;
  });
}

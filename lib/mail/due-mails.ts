import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { db } from "@/lib/core/db";
import { deliverMessage } from "./delivery";
import { type MailServer, mailServerInForce } from "./mail-server";
import { makeWaitingMailsDue } from "./retry-now";
import { type ClaimedMessage, type ClaimOrder, claimDueMessages } from "./store";

/** How many mails are sent at once. */
const AT_ONCE = 4;
/** How many mails the server takes before a place that was closed is opened again. */
const OPEN_AGAIN_AFTER = 20;
/** How often to look for mails that have become due while others are being sent, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/** `away`: the answer to the last mail, if it found the server away; else null. */
export type Deliveries = { tried: number; away: string | null };

/**
 * Sends the due mails, until there are none or the server is away. Any number of processes may do so on one database: a
 * process claims each mail that it sends, and the claim expires after a crash. A mail that the server takes long to accept
 * delays no other: there is room for three more, and one of the four is always the oldest of those that waited. A mail
 * that finds the server away closes its place, because a server may take fewer at once: it is away once none is left. The
 * place is opened again after a while, because the server may only have restarted.
 * @param signals `stopped` ends the attempts; from `ending` on, none begins
 * @throws SealBroken if the mail server's password cannot be opened; a database error. Then no attempt is under way
 */
export async function deliverDueMails(
  now: () => Date,
  { stopped, ending = stopped }: { stopped: AbortSignal; ending?: AbortSignal },
): Promise<Deliveries> {
  const sending = new Map<Promise<void>, ClaimOrder>();
  const failures: unknown[] = [];
  let tried = 0;
  let taken = 0;
  let room = AT_ONCE;
  let away: string | null = null;

  function send(server: MailServer, message: ClaimedMessage, order: ClaimOrder): void {
    const attempt = deliverMessage(server, message, { now, stopped })
      .then(async (delivery) => {
        away = delivery.outcome === "later" && delivery.isServerAway ? delivery.answer : null;
        if (delivery.outcome !== "later") {
          taken += 1;
          if (taken % OPEN_AGAIN_AFTER === 0) room = Math.min(room + 1, AT_ONCE);
          return;
        }
        if (delivery.isServerAway) room -= 1;
        if (isDeepStrictEqual(await mailServerInForce(db()), server)) return;
        // A save that replaces the server makes the waiting mails due, but not those that are being sent.
        room = AT_ONCE;
        away = null;
        await makeWaitingMailsDue(now());
      })
      .catch((error) => void failures.push(error))
      .then(() => void sending.delete(attempt));
    sending.set(attempt, order);
    tried += 1;
  }

  async function fillRoom(): Promise<void> {
    const server = await mailServerInForce(db());
    if (!server) return;
    const claim = async (order: ClaimOrder, limit: number) => {
      for (const message of await claimDueMessages(db(), { order, limit, now: now() }))
        send(server, message, order);
    };
    // The last place is for the most urgent.
    if (room > 1 && ![...sending.values()].includes("oldest")) await claim("oldest", 1);
    if (sending.size < room) await claim("urgent", room - sending.size);
  }

  try {
    while (room > 0 && failures.length === 0 && !ending.aborted) {
      if (sending.size < room) await fillRoom();
      if (sending.size === 0) break;
      await untilOneEnds(sending, room);
    }
  } finally {
    await Promise.all(sending.keys());
  }
  if (failures.length > 0) throw failures[0];
  return { tried, away };
}

/** Waits until an attempt ends; or, while there is room for another one, until it is time to look for it. */
async function untilOneEnds(sending: ReadonlyMap<Promise<void>, ClaimOrder>, room: number): Promise<void> {
  const attempts = [...sending.keys()];
  if (attempts.length >= room) return Promise.race(attempts);
  const hasEnded = new AbortController();
  const pause = sleep(LOOK_AGAIN_MS, undefined, { signal: hasEnded.signal }).catch(() => undefined);
  await Promise.race([...attempts, pause]);
  hasEnded.abort();
}

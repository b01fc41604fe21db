import { createFairLine, type Waiter } from "@/lib/core/fair-line";

/** How many requests begin in one turn of the event loop. */
const PER_TURN = 2;
/**
 * In every how many turns requests may begin, while others wait. Node accepts one connection in a turn: if requests began
 * in each, clients with new connections would wait to be accepted for as long as if nobody took turns.
 */
const EVERY_TURNS = 8;
/** The same while every turn accepts a connection, so that more of them probably wait. */
const EVERY_TURNS_ACCEPTING = 32;
/** A turn that takes longer, in milliseconds, did other work. */
const IDLE_MS = 1;
/** How long no request begins while others are worked on or connections accepted, in milliseconds; longer in long turns. */
const MAX_PAUSE_MS = 50;
/** How many requests of one client may wait: what takes about ten seconds. Nobody would still wait for the next one's answer. */
const MAX_WAITING = 2_000;
/** How many requests of all clients together may wait, at most: what takes about twenty seconds. */
const MAX_WAITING_AT_ALL = 4_000;

/**
 * Lets requests that arrive at once begin a few at a time, when the event loop has nothing else to do. Otherwise a
 * thousand would all be under way together, and every other request, which takes several turns of the event loop and
 * waits for the database in between, would be answered after all of them. Sites take turns, and at a site its clients
 * (`createFairLine`). docs/decisions/0026-requests-wait-in-lines.md
 *
 * @param room how many requests may wait, at most
 * @param accepted how many connections have been accepted by now
 * @param now the time in milliseconds
 * @returns a function whose promise each request of a client awaits before it begins; for one client first come, first
 * served. False means that it must not begin, because too many wait
 */
export function createRequestPacer({
  room = Number.POSITIVE_INFINITY,
  accepted = (): number => 0,
  now = () => performance.now(),
} = {}): (waiter: Waiter) => Promise<boolean> {
  const waiting = createFairLine<(mayBegin: boolean) => void>({
    room: Math.min(room, MAX_WAITING_AT_ALL),
    roomOfOne: MAX_WAITING,
  });
  /** When the next turn was asked for, and how many connections had been accepted by then. */
  let lookedAt = 0;
  let acceptedBefore = 0;
  /** When requests began last, and how many turns there were since. */
  let begunAt = 0;
  let turns = 0;

  function look(): void {
    lookedAt = now();
    acceptedBefore = accepted();
    setImmediate(turn);
  }

  function turn(): void {
    const at = now();
    turns += 1;
    const isAccepting = accepted() > acceptedBefore;
    const isIdle = at - lookedAt <= IDLE_MS && !isAccepting;
    const isDue = turns >= (isAccepting ? EVERY_TURNS_ACCEPTING : EVERY_TURNS);
    if (isDue && (isIdle || at - begunAt >= MAX_PAUSE_MS)) {
      begunAt = at;
      turns = 0;
      for (let begun = 0; begun < PER_TURN; begun += 1) waiting.next()?.(true);
    }
    if (waiting.size() > 0) look();
  }

  return (waiter) =>
    new Promise((begin) => {
      const isAlone = waiting.size() === 0;
      waiting.add(waiter, begin)?.(false);
      if (!isAlone) return;
      // As if it had waited for long: the first one begins in the next idle turn.
      turns = EVERY_TURNS_ACCEPTING;
      look();
    });
}

/** How many requests begin in one turn of the event loop. */
const PER_TURN = 2;
/**
 * In every how many turns requests may begin, while others wait. Node accepts one connection in a turn: if requests began
 * in each, clients with new connections would wait to be accepted for as long as if nobody took turns.
 */
const EVERY_TURNS = 8;
/** A turn that takes longer, in milliseconds, did other work. */
const IDLE_MS = 1;
/** How long at most no request begins while others are worked on, in milliseconds. */
const MAX_PAUSE_MS = 50;
/** How many requests of one client may wait: what takes about ten seconds. Nobody would still wait for the next one's answer. */
const MAX_WAITING = 2_000;
/** How many requests of all clients together may wait, at most: what takes about twenty seconds. */
const MAX_WAITING_AT_ALL = 4_000;

type Line = ((mayBegin: boolean) => void)[];

/**
 * Lets requests that arrive at once begin a few at a time, when the event loop has nothing else to do. Otherwise a
 * thousand would all be under way together, and every other request, which takes several turns of the event loop and
 * waits for the database in between, would be answered after all of them. Clients take turns, so that one that sends a
 * thousand does not delay the others.
 *
 * @param room how many requests may wait, at most. In a full room, the client with the longest line loses its last one
 * to another's: a single subscriber can be hundreds of clients, because an IPv6 address counts as its /64
 * @param now the time in milliseconds
 * @returns a function whose promise each request awaits before it begins; for one client first come, first served. False
 * means that it must not begin, because too many wait
 */
export function createRequestPacer({
  room = Number.POSITIVE_INFINITY,
  now = () => performance.now(),
} = {}): (client: string) => Promise<boolean> {
  const most = Math.min(room, MAX_WAITING_AT_ALL);
  /** The waiting requests of each client, the client whose turn is next first. */
  const waiting = new Map<string, Line>();
  let waitingAtAll = 0;
  let lookedAt = 0;
  let begunAt = 0;
  let turns = 0;

  function look(): void {
    lookedAt = now();
    setImmediate(turn);
  }

  function turn(): void {
    const at = now();
    turns += 1;
    if ((turns >= EVERY_TURNS && at - lookedAt <= IDLE_MS) || at - begunAt >= MAX_PAUSE_MS) {
      begunAt = at;
      turns = 0;
      for (let begun = 0; begun < PER_TURN; begun += 1) beginNext();
    }
    if (waiting.size > 0) look();
  }

  function beginNext(): void {
    const [next] = waiting;
    if (next === undefined) return;
    const [client, line] = next;
    waiting.delete(client);
    line.shift()?.(true);
    waitingAtAll -= 1;
    if (line.length > 0) waiting.set(client, line);
  }

  /** Turns away the last request of the longest line, if that is longer than `line` will be. @returns whether it was */
  function turnAwayInsteadOf(line: Line): boolean {
    let longest = line;
    for (const other of waiting.values()) if (other.length >= longest.length) longest = other;
    if (longest.length <= line.length + 1) return false;
    longest.pop()?.(false);
    waitingAtAll -= 1;
    return true;
  }

  return (client) =>
    new Promise((begin) => {
      const line = waiting.get(client) ?? [];
      if (line.length >= MAX_WAITING) return begin(false);
      if (waitingAtAll >= most && !turnAwayInsteadOf(line)) return begin(false);
      if (waiting.size === 0) {
        turns = EVERY_TURNS;
        look();
      }
      line.push(begin);
      waitingAtAll += 1;
      waiting.set(client, line);
    });
}

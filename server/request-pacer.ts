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

/** The waiting requests of a site's clients, the client whose turn is next first, and how many they are. */
type Site = { lines: Map<string, Line>; size: number };

/**
 * Lets requests that arrive at once begin a few at a time, when the event loop has nothing else to do. Otherwise a
 * thousand would all be under way together, and every other request, which takes several turns of the event loop and
 * waits for the database in between, would be answered after all of them. Sites take turns, and at a site its clients, so
 * that whoever sends a thousand does not delay the others: a single subscriber of IPv6 can be 65,536 clients, because an
 * address counts as its /64.
 *
 * @param room how many requests may wait, at most. In a full room, the site with the most loses one to another's: the
 * last one of its longest line
 * @param now the time in milliseconds
 * @returns a function whose promise each request of a client, which is at a site, awaits before it begins; for one client
 * first come, first served. False means that it must not begin, because too many wait
 */
export function createRequestPacer({
  room = Number.POSITIVE_INFINITY,
  now = () => performance.now(),
} = {}): (site: string, client: string) => Promise<boolean> {
  const most = Math.min(room, MAX_WAITING_AT_ALL);
  /** The sites with waiting requests, the one whose turn is next first. */
  const waiting = new Map<string, Site>();
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
    const [name, site] = next;
    waiting.delete(name);
    const [first] = site.lines;
    if (first === undefined) return;
    const [client, line] = first;
    site.lines.delete(client);
    line.shift()?.(true);
    site.size -= 1;
    waitingAtAll -= 1;
    if (line.length > 0) site.lines.set(client, line);
    if (site.size > 0) waiting.set(name, site);
  }

  /**
   * Turns away the last request of the longest line of the site with the most, if that is more than `site` will have;
   * otherwise of the site's own, if that is longer than `line` will be. @returns whether it was
   */
  function turnAwayInsteadOf(site: Site, line: Line): boolean {
    const from = largestBeyond(waiting.values(), ({ size }) => size, site.size + 1) ?? site;
    const most = from === site ? line.length + 1 : 0;
    const [client, longest] = largestBeyond(from.lines, ([, { length }]) => length, most) ?? [];
    if (client === undefined || longest === undefined) return false;
    longest.pop()?.(false);
    if (longest.length === 0) from.lines.delete(client);
    from.size -= 1;
    waitingAtAll -= 1;
    return true;
  }

  return (name, client) =>
    new Promise((begin) => {
      const site = waiting.get(name) ?? { lines: new Map(), size: 0 };
      const line = site.lines.get(client) ?? [];
      if (line.length >= MAX_WAITING) return begin(false);
      if (waitingAtAll >= most && !turnAwayInsteadOf(site, line)) return begin(false);
      if (waiting.size === 0) {
        turns = EVERY_TURNS;
        look();
      }
      line.push(begin);
      site.lines.set(client, line);
      site.size += 1;
      waitingAtAll += 1;
      waiting.set(name, site);
    });
}

/** Returns the largest, and of several the last one; undefined if none is larger than `most`. */
function largestBeyond<T>(all: Iterable<T>, sizeOf: (one: T) => number, most: number): T | undefined {
  let largest: T | undefined;
  let size = most + 1;
  for (const one of all) {
    if (sizeOf(one) < size) continue;
    largest = one;
    size = sizeOf(one);
  }
  return largest;
}

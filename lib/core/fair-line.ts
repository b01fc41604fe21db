import { networkOf, siteOf } from "./network";

/** Who waits: a client, and the site that it is at. A single subscriber of IPv6 can be 65,536 clients of one site. */
export type Waiter = Readonly<{ site: string; client: string }>;

/** Returns who waits for the answer to a request from a network address. */
export const waiterAt = (address: string): Waiter => ({ site: siteOf(address), client: networkOf(address) });

/** A line in which sites take turns, and at a site its clients; first come, first served for one client. */
export type FairLine<T> = Readonly<{
  /** How much waits. */
  size: () => number;
  /** Adds an item to the end of its client's line. @returns what loses its place, this item or another; null for nothing */
  add: (waiter: Waiter, item: T) => T | null;
  /** Takes out the item whose turn it is; null when nothing waits. */
  next: () => T | null;
}>;

/** What waits for a site's clients, the client whose turn is next first, and how much it is. */
type Site<T> = { lines: Map<string, T[]>; size: number };

/**
 * Creates an empty line. Whoever adds a thousand items to it does not delay the others. In a full one, the site with the
 * most loses an item to another's: the last one of its longest line.
 * @param limits how many items may wait, and how many of one client
 */
export function createFairLine<T extends object>({
  room,
  roomOfOne = room,
}: {
  room: number;
  roomOfOne?: number;
}): FairLine<T> {
  /** The sites with waiting items, the one whose turn is next first. */
  const sites = new Map<string, Site<T>>();
  let size = 0;

  function next(): T | null {
    const [nextSite] = sites;
    const [nextLine] = nextSite?.[1].lines ?? [];
    if (!nextSite || !nextLine) return null;
    const [[name, site], [client, line]] = [nextSite, nextLine];
    sites.delete(name);
    site.lines.delete(client);
    const item = line.shift() ?? null;
    site.size -= 1;
    size -= 1;
    if (line.length > 0) site.lines.set(client, line);
    if (site.size > 0) sites.set(name, site);
    return item;
  }

  /**
   * Takes out the last item of the longest line of the site with the most, if that is more than `site` will have;
   * otherwise of the site's own, if that is longer than `line` will be.
   */
  function takeInsteadOf(site: Site<T>, line: T[]): T | null {
    const from = largestBeyond(sites.values(), ({ size }) => size, site.size + 1) ?? site;
    const most = from === site ? line.length + 1 : 0;
    const [client, longest] = largestBeyond(from.lines, ([, { length }]) => length, most) ?? [];
    const item = longest?.pop();
    if (client === undefined || longest === undefined || item === undefined) return null;
    if (longest.length === 0) from.lines.delete(client);
    from.size -= 1;
    size -= 1;
    return item;
  }

  function add({ site: name, client }: Waiter, item: T): T | null {
    const site = sites.get(name) ?? { lines: new Map(), size: 0 };
    const line = site.lines.get(client) ?? [];
    const isFull = size >= room;
    const lost = isFull && line.length < roomOfOne ? takeInsteadOf(site, line) : null;
    if (line.length >= roomOfOne || (isFull && lost === null)) return item;
    line.push(item);
    site.lines.set(client, line);
    site.size += 1;
    size += 1;
    sites.set(name, site);
    return lost;
  }

  return { size: () => size, add, next };
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

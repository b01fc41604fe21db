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
  /** Takes out an item that does not want to wait any longer. @returns whether it still waited */
  remove: (waiter: Waiter, item: T) => boolean;
}>;

/** What waits for a site's clients, the client whose turn is next first, and how much it is. */
type Site<T> = { name: string; lines: Map<string, T[]>; size: number };

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

  /** Takes an item out of a client's line; null if it has none at that place. */
  function take(site: Site<T>, client: string, place: number): T | null {
    const line = site.lines.get(client) ?? [];
    const [item] = line.splice(place, 1);
    if (item === undefined) return null;
    site.size -= 1;
    size -= 1;
    if (line.length === 0) site.lines.delete(client);
    if (site.size === 0) sites.delete(site.name);
    return item;
  }

  function next(): T | null {
    const [site] = sites.values();
    const [client] = site?.lines.keys() ?? [];
    if (!site || client === undefined) return null;
    const item = take(site, client, 0);
    moveToEnd(site.lines, client);
    moveToEnd(sites, site.name);
    return item;
  }

  function remove({ site: name, client }: Waiter, item: T): boolean {
    const site = sites.get(name);
    const place = site?.lines.get(client)?.indexOf(item) ?? -1;
    if (!site || place < 0) return false;
    take(site, client, place);
    return true;
  }

  /**
   * Takes out the last item of the longest line of the site with the most, if that is more than `site` will have;
   * otherwise of the site's own, if that is longer than `line` will be.
   */
  function takeInsteadOf(site: Site<T>, line: T[]): T | null {
    const from = largestBeyond(sites.values(), ({ size }) => size, site.size + 1) ?? site;
    const most = from === site ? line.length + 1 : 0;
    const [client, longest] = largestBeyond(from.lines, ([, { length }]) => length, most) ?? [];
    return client === undefined || longest === undefined ? null : take(from, client, longest.length - 1);
  }

  function add({ site: name, client }: Waiter, item: T): T | null {
    const site = sites.get(name) ?? { name, lines: new Map(), size: 0 };
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

  return { size: () => size, add, next, remove };
}

/** Moves an entry, if there is one of that key, behind all others. */
function moveToEnd<T>(map: Map<string, T>, key: string): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
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

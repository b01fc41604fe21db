import "server-only";

/**
 * Does in portions what may be too much for one transaction: until one comes out smaller than `limit`.
 * @param some does up to `limit`, and tells how many it did
 * @param stopped ends it between two portions
 * @returns how many were done in all
 */
export async function inPortions(
  limit: number,
  some: (limit: number) => Promise<number>,
  stopped?: AbortSignal,
): Promise<number> {
  let done = 0;
  while (!stopped?.aborted) {
    const portion = await some(limit);
    done += portion;
    if (portion < limit) break;
  }
  return done;
}

/**
 * The same along an order, in which each portion begins where the one before it ended: what it has passed is not looked
 * at again.
 * @param some does a portion of what comes after a place, and tells how many it did, and where it ended; null at the end
 */
export async function inPortionsAlong<Place>(
  some: (after: Place | null) => Promise<{ done: number; end: Place | null }>,
  stopped?: AbortSignal,
): Promise<number> {
  let done = 0;
  let after: Place | null = null;
  while (!stopped?.aborted) {
    const portion: { done: number; end: Place | null } = await some(after);
    done += portion.done;
    after = portion.end;
    if (after === null) break;
  }
  return done;
}

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

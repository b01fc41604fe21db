import "server-only";

/**
 * Runs a job in batches if it may be too much for one transaction. Ends after the first batch that is smaller than
 * `limit`.
 * @param some processes up to `limit` items and returns how many it processed
 * @param stopped ends the job between two batches
 * @returns how many items were processed in all
 */
export async function inBatches(
  limit: number,
  some: (limit: number) => Promise<number>,
  stopped?: AbortSignal,
): Promise<number> {
  let done = 0;
  while (!stopped?.aborted) {
    const count = await some(limit);
    done += count;
    if (count < limit) break;
  }
  return done;
}

/**
 * Like `inBatches`, but along a sort order: each batch begins where the previous one ended, so no item is examined
 * twice.
 * @param some processes the batch after a cursor, or the first batch for null. Returns how many items it processed and
 * the cursor at which the batch ended; null after the last batch
 */
export async function inKeysetBatches<Cursor>(
  some: (after: Cursor | null) => Promise<{ done: number; end: Cursor | null }>,
  stopped?: AbortSignal,
): Promise<number> {
  let done = 0;
  let after: Cursor | null = null;
  while (!stopped?.aborted) {
    const batch: { done: number; end: Cursor | null } = await some(after);
    done += batch.done;
    after = batch.end;
    if (after === null) break;
  }
  return done;
}

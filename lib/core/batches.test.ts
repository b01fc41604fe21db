import { expect, test, vi } from "vitest";
import { inBatches, inKeysetBatches } from "./batches";

/** Makes work with `left` items left. */
function leaving(left: number) {
  return vi.fn(async (limit: number) => {
    const batch = Math.min(limit, left);
    left -= batch;
    return batch;
  });
}

test.each([
  [0, 1],
  [9, 1],
  [10, 2],
  [25, 3],
])("%i in batches of ten are done in %i", async (all, batches) => {
  const some = leaving(all);
  expect(await inBatches(10, some)).toBe(all);
  expect(some).toHaveBeenCalledTimes(batches);
});

test("a stop ends it between two batches", async () => {
  const stopping = new AbortController();
  const some = leaving(100);
  const stoppedByTheSecond = async (limit: number) => {
    if (some.mock.calls.length === 1) stopping.abort();
    return some(limit);
  };
  expect(await inBatches(10, stoppedByTheSecond, stopping.signal)).toBe(20);
  expect(await inBatches(10, some, stopping.signal)).toBe(0);
});

test("along an order, each batch begins where the one before it ended", async () => {
  const some = vi.fn(async (after: number | null) => {
    const end = (after ?? 0) + 10;
    return { done: 2, end: end < 30 ? end : null };
  });
  expect(await inKeysetBatches(some)).toBe(6);
  expect(some.mock.calls).toEqual([[null], [10], [20]]);
  expect(await inKeysetBatches(some, AbortSignal.abort())).toBe(0);
});

import { setTimeout as sleep } from "node:timers/promises";

/** How many operations a load completed, in how many milliseconds, and how many milliseconds each took. */
export type Load = Readonly<{ count: number; ms: number; times: readonly number[] }>;

/** Runs one operation and notes how long it took. */
async function timed(times: number[], work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  times.push(performance.now() - begun);
}

/** The most operations that a load begins, however fast they are. */
const MAX_COUNT = 100_000;

/**
 * Keeps `parallel` operations under way for `ms` milliseconds, then waits for them to finish. The measured time
 * includes that wait.
 *
 * @param work one operation, given its number
 */
export async function runLoad(
  parallel: number,
  ms: number,
  work: (number: number) => Promise<unknown>,
): Promise<Load> {
  const begun = performance.now();
  const times: number[] = [];
  let count = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (performance.now() - begun < ms && count < MAX_COUNT) {
        count += 1;
        const number = count;
        await timed(times, () => work(number));
      }
    }),
  );
  return { count, ms: performance.now() - begun, times };
}

/** Returns the operations per second. */
export function rate({ count, ms }: Load): number {
  return (count * 1000) / ms;
}

/**
 * Begins an operation every `everyMs` milliseconds, whether or not the previous one has finished, so that a slow server
 * does not get fewer requests. Notes how long each took.
 */
export async function runSteadily(
  everyMs: number,
  ms: number,
  work: (number: number) => Promise<unknown>,
): Promise<Load> {
  const begun = performance.now();
  const times: number[] = [];
  const underWay: Promise<void>[] = [];
  for (let count = 1; count * everyMs < ms; count += 1) {
    await sleep(Math.max(0, begun + count * everyMs - performance.now()));
    const number = count;
    underWay.push(timed(times, () => work(number)));
  }
  await Promise.all(underWay);
  return { count: underWay.length, ms: performance.now() - begun, times };
}

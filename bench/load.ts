import { setTimeout as sleep } from "node:timers/promises";

/** What a load came to, and how long each piece took, in milliseconds. */
export type Load = Readonly<{ count: number; ms: number; times: readonly number[] }>;

/** Does a piece of work and notes how long it took. */
async function timed(times: number[], work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  times.push(performance.now() - begun);
}

/** No load goes on for longer, however slow its work is. */
const MAX_COUNT = 100_000;

/**
 * Keeps `parallel` pieces of work under way for `ms` milliseconds, then lets them come to their end; that belongs to the
 * measured time.
 *
 * @param work one piece, by its number
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

/** How many pieces a second. */
export function rate({ count, ms }: Load): number {
  return (count * 1000) / ms;
}

/**
 * Begins a piece of work every `everyMs` milliseconds, whether the one before has come to its end or not, and notes how
 * long each took; so what is slow is not asked less.
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

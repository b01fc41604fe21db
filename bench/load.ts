/** What a load came to. */
export type Load = Readonly<{ count: number; ms: number }>;

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
  let count = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (performance.now() - begun < ms && count < MAX_COUNT) {
        count += 1;
        await work(count);
      }
    }),
  );
  return { count, ms: performance.now() - begun };
}

/** How many pieces a second. */
export function rate({ count, ms }: Load): number {
  return (count * 1000) / ms;
}

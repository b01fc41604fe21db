import "server-only";
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { onePerProcess } from "./one-per-process";

const held = onePerProcess<AbortController>("instrumented");
const instrumented = () => held.get(() => new AbortController());

/** Says that instrumentation.ts has done its work. */
export function noteInstrumented(): void {
  instrumented().abort();
}

/** How long instrumentation.ts may take, in milliseconds: many times what it takes on a slow machine. */
const MAX_WAIT_MS = 60_000;

/**
 * Waits until the built console has loaded its pages. Next begins with that as soon as instrumentation.ts has done its
 * work, and loads them without a turn of the event loop in between: a second, or several on a busy machine. A request
 * that was received before would wait for as long, and its connection to the database would have timed out.
 * @param asked ends the wait when it is aborted
 * @returns false if instrumentation.ts has not done its work by then: Next only logs that it could not be loaded
 */
export async function untilPagesAreLoaded(asked: AbortSignal, withinMs = MAX_WAIT_MS): Promise<boolean> {
  const { signal } = instrumented();
  const late = () => sleep(withinMs, undefined, { signal: asked, ref: false }).catch(() => undefined);
  if (!signal.aborted) await Promise.race([once(signal, "abort"), late()]);
  await nextTurn();
  return signal.aborted;
}

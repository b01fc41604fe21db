import "server-only";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { onePerProcess } from "./one-per-process";

const held = onePerProcess<AbortController>("instrumented");
const instrumented = () => held.get(() => new AbortController());

/** Says that instrumentation.ts has done its work. */
export function noteInstrumented(): void {
  instrumented().abort();
}

/**
 * Waits until the built console has loaded its pages. Next begins with that as soon as instrumentation.ts has done its
 * work, and loads them without a turn of the event loop in between: a second, or several on a busy machine. A request
 * that was received before would wait for as long, and its connection to the database would have timed out.
 */
export async function untilPagesAreLoaded(): Promise<void> {
  const { signal } = instrumented();
  if (!signal.aborted) await once(signal, "abort");
  await nextTurn();
}

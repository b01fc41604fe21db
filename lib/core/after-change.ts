import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "./log";

/** How long the caller waits for the follow-up work, in milliseconds. */
const MAX_WAIT_MS = 2_000;

/**
 * Runs the follow-up work of a change that is committed whatever becomes of this work. An error is only logged, as
 * `event`. Work that takes longer than the wait goes on after the caller has returned.
 */
export async function doAfterChange(event: string, work: () => Promise<unknown>): Promise<void> {
  const done = work().catch((err) => log().error({ event, err }));
  await Promise.race([done, sleep(MAX_WAIT_MS, undefined, { ref: false })]);
}

import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "./log";

/** How long whoever made a change waits for what follows from it, in milliseconds. */
const MAX_WAIT_MS = 2_000;

/**
 * Does what follows from a change that stands whatever becomes of this: what fails is only logged, as `event`, and what
 * takes long goes on when the caller has been answered.
 */
export async function doAfterChange(event: string, work: () => Promise<unknown>): Promise<void> {
  const done = work().catch((err) => log().error({ event, err }));
  await Promise.race([done, sleep(MAX_WAIT_MS, undefined, { ref: false })]);
}

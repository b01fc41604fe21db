import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseAway } from "./errors";
import { log } from "./log";
import { onePerProcess } from "./one-per-process";
import { SealBroken } from "./secrets";

/** How long work under way may take to end by itself when the process stops. */
const GRACE_MS = 3_000;
/** How long to leave alone what has just failed. */
const AFTER_FAILURE_MS = 2_000;

type Running = { stop: () => Promise<void> };

type Background = { running: Map<string, Running>; isOver: boolean };

const held = onePerProcess<Background>("background");
const background = () => held.get(() => ({ running: new Map(), isOver: false }));

/**
 * Does a piece of work again and again beside the requests, until the process stops. What it throws is logged and tried
 * again; what stays as it is until somebody mends it, once: that the database is away, or a sealed value damaged.
 * @param work resolves with the milliseconds until it is due again; is to end early once `stopped` is aborted
 */
export function repeatInBackground(name: string, work: (stopped: AbortSignal) => Promise<number>): void {
  const { running, isOver } = background();
  if (isOver || running.has(name)) return;
  const ending = new AbortController();
  const stopped = new AbortController();
  const loop = run(name, work, ending.signal, stopped.signal);
  running.set(name, {
    async stop() {
      ending.abort();
      const timer = setTimeout(() => stopped.abort(), GRACE_MS);
      await loop.finally(() => clearTimeout(timer));
    },
  });
}

async function run(
  name: string,
  work: (stopped: AbortSignal) => Promise<number>,
  ending: AbortSignal,
  stopped: AbortSignal,
): Promise<void> {
  let lasting: Lasting | null = null;
  while (!ending.aborted) {
    let pauseMs = AFTER_FAILURE_MS;
    try {
      pauseMs = await work(stopped);
      lasting = null;
    } catch (err) {
      const before: Lasting | null = lasting;
      lasting = lastingFailure(err);
      if (lasting === null || lasting !== before)
        log().error({ event: "background-work-failed", work: name, err });
    }
    await pause(pauseMs, ending);
  }
}

/** What fails again, in the same way, until somebody does something about it. */
type Lasting = "database-away" | "seal-broken";

function lastingFailure(error: unknown): Lasting | null {
  if (isDatabaseAway(error)) return "database-away";
  return error instanceof SealBroken ? "seal-broken" : null;
}

/** Waits, without keeping the process alive; ends at once when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Ends all of it. */
export async function stopBackground(): Promise<void> {
  const { running } = background();
  const all = [...running.values()];
  running.clear();
  await Promise.all(all.map(({ stop }) => stop()));
}

/**
 * Ends all of it, and lets nothing begin any more; for the server's shutdown, before the database's connections are
 * closed. A start that fails is shut down while Next may still be on its way to begin the work.
 */
export async function endBackground(): Promise<void> {
  background().isOver = true;
  await stopBackground();
}

import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseAway } from "./errors";
import { log } from "./log";
import { onePerProcess } from "./one-per-process";
import { SealBroken } from "./secrets";

/** How long running work may take to end by itself when the process stops, in milliseconds; then it is aborted. */
const GRACE_MS = 3_000;
/** The pause after a failed run, in milliseconds. */
const AFTER_FAILURE_MS = 2_000;

type Running = { stop: () => Promise<void> };

type Work = (stopped: AbortSignal, ending: AbortSignal) => Promise<number>;

type Background = {
  /** The jobs that wait for `beginBackground`; null after it. */
  waiting: Map<string, Work> | null;
  running: Map<string, Running>;
  isOver: boolean;
};

const held = onePerProcess<Background>("background");
const background = () => held.get(() => ({ waiting: new Map(), running: new Map(), isOver: false }));

/**
 * Runs a job again and again in this process, from `beginBackground` on, until it stops. An error is logged, and the job
 * is run again. A failure that lasts until somebody fixes it (the database is unreachable, a sealed value is damaged) is
 * logged once. Does nothing if there is a job of that name already, or after `endBackground`.
 * @param work resolves with the milliseconds until its next run; must end early once `stopped` is aborted, and may begin
 *   nothing new from `ending` on, which is aborted `GRACE_MS` earlier
 */
export function repeatInBackground(name: string, work: Work): void {
  const { waiting, running, isOver } = background();
  if (isOver || running.has(name)) return;
  if (waiting !== null) {
    if (!waiting.has(name)) waiting.set(name, work);
    return;
  }
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

/**
 * Runs a job in this process at an interval, as `repeatInBackground` does.
 * @param work gets the present time; must end early once `stopped` is aborted
 */
export function repeatEvery(
  name: string,
  intervalMs: number,
  work: (now: Date, stopped: AbortSignal) => Promise<unknown>,
): void {
  repeatInBackground(name, async (stopped) => {
    await work(new Date(), stopped);
    return intervalMs;
  });
}

/** Begins the jobs: those that there are, and any later one at once. Comes when the server listens. */
export function beginBackground(): void {
  const state = background();
  const { waiting } = state;
  state.waiting = null;
  for (const [name, work] of waiting ?? []) repeatInBackground(name, work);
}

async function run(name: string, work: Work, ending: AbortSignal, stopped: AbortSignal): Promise<void> {
  let lasting: Lasting | null = null;
  while (!ending.aborted) {
    let pauseMs = AFTER_FAILURE_MS;
    try {
      pauseMs = await work(stopped, ending);
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

/** A failure that repeats in the same way until somebody fixes its cause. */
type Lasting = "database-away" | "seal-broken";

function lastingFailure(error: unknown): Lasting | null {
  if (isDatabaseAway(error)) return "database-away";
  return error instanceof SealBroken ? "seal-broken" : null;
}

/** Waits without keeping the process alive; returns at once when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Stops every job, and waits for the runs that are in progress. */
export async function stopBackground(): Promise<void> {
  const { running } = background();
  const all = [...running.values()];
  running.clear();
  await Promise.all(all.map(({ stop }) => stop()));
}

/**
 * Stops every job, and prevents new ones from starting. Shutdown calls it before it closes the database connections.
 * After a failed start, shutdown may run while Next is still about to register the jobs.
 */
export async function endBackground(): Promise<void> {
  background().isOver = true;
  await stopBackground();
}

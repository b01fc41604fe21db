import "server-only";
import { readFileSync } from "node:fs";
import { availableParallelism, getPriority, setPriority } from "node:os";
import path from "node:path";
import type { Options } from "@node-rs/argon2";
import { Piscina } from "piscina";
import { overloaded } from "@/lib/core/errors";
import { createFairLine, type FairLine, type Waiter, waiterAt } from "@/lib/core/fair-line";
import { log } from "@/lib/core/log";
import { onePerProcess } from "@/lib/core/one-per-process";

/**
 * How many hashes may wait for a thread, and for how long, in milliseconds. A later answer would be of no use, and a
 * longer wait could outlast the lease of the reserved attempt (docs/decisions/0018).
 */
export const MAX_WAITING = 256;
const MAX_WAIT_MS = 5_000;

/** Each thread has its next task queued already, so that it need not wait for a busy event loop to send it. */
const HASHES_PER_THREAD = 2;

/**
 * Returns the niceness of the threads: hashes use the CPU time that the event loop and the database leave, so that
 * password guessing slows nothing else. Only on Linux does a thread have its own; elsewhere it would apply to the whole
 * process. Where the kernel does not give each session its own share, other busy programs would leave the lowest priority
 * nothing (docs/decisions/0018).
 */
function niceness(): number {
  if (process.platform !== "linux" || !maySetPriority()) return 0;
  return sessionsHaveShares() ? 19 : 10;
}

/** Whether this process may set priorities. A service's filter of system calls may forbid it, and no thread would start. */
function maySetPriority(): boolean {
  try {
    setPriority(getPriority());
    return true;
  } catch {
    return false;
  }
}

function sessionsHaveShares(): boolean {
  try {
    return readFileSync("/proc/sys/kernel/sched_autogroup_enabled", "utf8").trim() === "1";
  } catch {
    return false;
  }
}

/** How long an idle thread is kept, in milliseconds. The last one is always kept. */
const IDLE_MS = 60_000;

type Tasks = {
  hash: { task: { password: string; cost: Options }; result: string };
  verify: { task: { password: string; hash: string }; result: boolean };
};

const threads = onePerProcess<Piscina>("hash-threads");

function open(): Piscina {
  const pool = new Piscina({
    filename: path.resolve("lib/password/hash-worker.mjs"),
    minThreads: 1,
    // More threads than cores would only compete for them, and hold 19 MiB each.
    maxThreads: availableParallelism(),
    concurrentTasksPerWorker: HASHES_PER_THREAD,
    niceIncrement: niceness(),
    idleTimeout: IDLE_MS,
  });
  // A thread that fails to start has no task to reject, so the pool emits "error". Unhandled, that would end the
  // process.
  pool.on("error", (err) => log().error({ event: "hash-thread-failed", err }));
  return pool;
}

type Waiting = { begin: () => void; refuse: () => void };

/** The hashes that wait for a thread, and how many the threads have. */
const turns = onePerProcess<{ waiting: FairLine<Waiting>; given: number }>("hash-turns");

/**
 * Runs `work` when a thread has room for it. Sites take turns: otherwise whoever guesses passwords from the 65,536
 * networks of one subscriber of IPv6, each of which has a limit of its own, would keep everybody else from logging in.
 * @throws Refusal "overloaded"
 */
async function inTurn<T>(address: string, maxWaitMs: number, work: () => Promise<T>): Promise<T> {
  const state = turns.get(() => ({ waiting: createFairLine({ room: MAX_WAITING }), given: 0 }));
  if (state.given < availableParallelism() * HASHES_PER_THREAD) state.given += 1;
  else await turnIn(state.waiting, waiterAt(address), maxWaitMs);
  try {
    return await work();
  } finally {
    const next = state.waiting.next();
    if (next) next.begin();
    else state.given -= 1;
  }
}

/**
 * Waits for a turn. What waits at a site with many others may have its turn long after it is too late: so it is refused
 * when its time is over, and takes up none.
 */
async function turnIn(line: FairLine<Waiting>, waiter: Waiter, maxWaitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((begin, reject) => {
    const waiting = { begin, refuse: () => reject(overloaded()) };
    line.add(waiter, waiting)?.refuse();
    timer = setTimeout(() => line.remove(waiter, waiting) && waiting.refuse(), maxWaitMs);
  }).finally(() => clearTimeout(timer));
}

/** For whom a hash is made, and how long it may wait for a thread, in milliseconds. */
export type HashTerms = Readonly<{ address?: string | undefined; maxWaitMs?: number }>;

/**
 * Hashes a password, or compares one with a hash, in a worker thread.
 * @param name the function of hash-worker.mjs to run
 * @param terms `address`: the network address that asked; none at the start of the server
 * @throws Refusal "overloaded" when `MAX_WAITING` tasks wait already, or the task has waited for too long
 */
export async function runInWorker<Name extends keyof Tasks>(
  name: Name,
  task: Tasks[Name]["task"],
  { address = "", maxWaitMs = MAX_WAIT_MS }: HashTerms = {},
): Promise<Tasks[Name]["result"]> {
  const latest = process.hrtime.bigint() + BigInt(maxWaitMs) * 1_000_000n;
  const result = await inTurn(address, maxWaitMs, () => threads.get(open).run({ ...task, latest }, { name }));
  if (result === null) throw overloaded();
  return result;
}

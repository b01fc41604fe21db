import "server-only";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Options } from "@node-rs/argon2";
import { Piscina } from "piscina";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { onePerProcess } from "@/lib/core/one-per-process";

/**
 * How many hashes may wait for a thread, and for how long, in milliseconds. A later answer would be of no use, and a
 * longer wait could outlast the lease of the reserved attempt (docs/decisions/0018).
 */
export const MAX_WAITING = 256;
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** Each thread has its next task queued already, so that it need not wait for a busy event loop to send it. */
const HASHES_PER_THREAD = 2;

/**
 * Returns the niceness of the threads: hashes use the CPU time that the event loop and the database leave, so that
 * password guessing slows nothing else. Only on Linux does a thread have its own; elsewhere it would apply to the whole
 * process. Where the kernel does not give each session its own share, other busy programs would leave the lowest priority
 * nothing (docs/decisions/0018).
 */
function niceness(): number {
  if (process.platform !== "linux") return 0;
  return sessionsHaveShares() ? 19 : 10;
}

function sessionsHaveShares(): boolean {
  try {
    return readFileSync("/proc/sys/kernel/sched_autogroup_enabled", "utf8").trim() === "1";
  } catch {
    return false;
  }
}

/** How long an idle thread is kept, in milliseconds. */
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

/**
 * Hashes a password, or compares one with a hash, in a worker thread.
 * @param name the function of hash-worker.mjs to run
 * @param maxWaitMs how long the task may wait for a thread, in milliseconds
 * @throws Refusal "overloaded" when `MAX_WAITING` tasks wait already, or the task has waited for too long
 */
export async function runInWorker<Name extends keyof Tasks>(
  name: Name,
  task: Tasks[Name]["task"],
  maxWaitMs = MAX_WAIT_MS,
): Promise<Tasks[Name]["result"]> {
  const pool = threads.get(open);
  if (pool.queueSize < MAX_WAITING) {
    const latest = process.hrtime.bigint() + BigInt(maxWaitMs) * 1_000_000n;
    const result = await pool.run({ ...task, latest }, { name });
    if (result !== null) return result;
  }
  throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
}

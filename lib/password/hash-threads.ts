import "server-only";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Options } from "@node-rs/argon2";
import { Piscina } from "piscina";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { onePerProcess } from "@/lib/core/one-per-process";

/** How many hashes may wait for a thread, and for how long: beyond that an answer would come too late to be of use. */
export const MAX_WAITING = 256;
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** A thread that is done with one has the next at hand; it need not wait until the event loop comes to send it. */
const HASHES_PER_THREAD = 2;

/**
 * Hashes take what the event loop and the database leave of the cores, so that guessing passwords slows nothing else.
 * Only on Linux does a thread have a niceness of its own; elsewhere it would be the whole server's.
 */
const NICENESS = process.platform === "linux" ? 10 : 0;

/** How long a thread that has nothing to do is kept, in milliseconds. */
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
    // More than there are cores would only take turns, and hold 19 MiB each.
    maxThreads: availableParallelism(),
    concurrentTasksPerWorker: HASHES_PER_THREAD,
    niceIncrement: NICENESS,
    idleTimeout: IDLE_MS,
  });
  // A thread that cannot be started has no task to fail with it; unheard, that would end the process.
  pool.on("error", (err) => log().error({ event: "hash-thread-failed", err }));
  return pool;
}

/**
 * Has a password hashed, or compared with a hash, in a thread of its own.
 * @throws Refusal "overloaded" when too many are waiting already, or it has waited for too long
 */
export async function onAThread<Name extends keyof Tasks>(
  name: Name,
  task: Tasks[Name]["task"],
): Promise<Tasks[Name]["result"]> {
  const pool = threads.get(open);
  if (pool.queueSize < MAX_WAITING) {
    const latest = process.hrtime.bigint() + BigInt(MAX_WAIT_MS) * 1_000_000n;
    const result = await pool.run({ ...task, latest }, { name });
    if (result !== null) return result;
  }
  throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
}

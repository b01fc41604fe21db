import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import { createFairLine } from "@/lib/core/fair-line";
import { onePerProcess } from "@/lib/core/one-per-process";

/**
 * A pool of password-hashing threads that makes no test fail on a busy machine. The product's threads run at low
 * priority and refuse a task that has waited for five seconds; these do neither. Not for tests of that behaviour.
 */
class PatientHashes extends Piscina {
  override run(task: object, options?: Parameters<Piscina["run"]>[1]): ReturnType<Piscina["run"]> {
    const latest = process.hrtime.bigint() + 3_600_000_000_000n;
    return super.run({ ...task, latest }, options);
  }
}

// The product looks here for existing ones. Nobody waits for a turn, only in the queue of the pool.
const waiting = createFairLine({ room: Number.POSITIVE_INFINITY });
onePerProcess("hash-turns").get(() => ({ waiting, given: Number.NEGATIVE_INFINITY }));
onePerProcess<Piscina>("hash-threads").get(
  () =>
    new PatientHashes({
      filename: path.resolve("lib/password/hash-worker.mjs"),
      minThreads: 0,
      maxThreads: availableParallelism(),
      concurrentTasksPerWorker: 2,
      idleTimeout: 60_000,
    }),
);

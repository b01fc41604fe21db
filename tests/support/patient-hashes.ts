import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import { onePerProcess } from "@/lib/core/one-per-process";

/**
 * The threads that hash passwords, without what a machine with other work makes a test fail by: the product's give way to
 * whatever else wants to run, and turn away what has waited for five seconds. Not for tests of just that.
 */
class PatientHashes extends Piscina {
  override run(task: object, options?: Parameters<Piscina["run"]>[1]): ReturnType<Piscina["run"]> {
    const latest = process.hrtime.bigint() + 3_600_000_000_000n;
    return super.run({ ...task, latest }, options);
  }
}

// Where the product looks for those that are there already.
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

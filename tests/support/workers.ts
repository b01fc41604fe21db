import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startChildModule } from "./child-module";
import type { Verbs } from "./worker";

/** What goes to a worker, and what comes back. */
export type Call = { id: number; verb: string; args: unknown[] };
export type Answer = { id: number; value?: unknown; error?: object };

/** A second process of the product on one database. */
export type Worker = {
  pid: number;
  /** Runs a verb there; any number may run at once. What it throws, is thrown here, with its `name` and `code`. */
  call<V extends keyof Verbs>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Awaited<ReturnType<Verbs[V]>>>;
  /** Lets it close its connections and end. */
  stop(): Promise<void>;
  /** Ends it in the middle of whatever it is doing; calls under way are rejected. */
  kill(): Promise<void>;
};

async function startWorker(env: Readonly<Record<string, string>>): Promise<Worker> {
  const child = await startChildModule("tests/support/worker-process.ts", { env });
  const exited = once(child, "exit");
  const waiting = new Map<number, PromiseWithResolvers>();
  let calls = 0;

  child.on("message", (answer: Answer | "ready") => {
    if (answer === "ready") return;
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error) call?.reject(Object.assign(new Error(), answer.error));
    else call?.resolve(answer.value);
  });
  child.on("exit", (code, signal) => {
    for (const call of waiting.values()) call.reject(new Error(`The worker ended (${signal ?? code}).`));
    waiting.clear();
  });

  await Promise.race([once(child, "message"), exited.then(() => failToStart(child))]);
  return {
    pid: child.pid ?? 0,
    call: (verb, ...args) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve: resolve as (value: unknown) => void, reject });
        const call: Call = { id: calls, verb, args };
        child.send(call, (error) => error && reject(error));
      }),
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

type PromiseWithResolvers = { resolve: (value: unknown) => void; reject: (error: Error) => void };

function failToStart(child: ChildProcess): never {
  throw new Error(`A worker did not start (exit code ${child.exitCode}).`);
}

/**
 * Starts Node processes beside this one, with the same database and environment; they end with this process at the
 * latest. The verbs they know are in `worker.ts`.
 *
 * @param env beyond this process's environment
 */
export async function startWorkers(
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Worker[]> {
  return Promise.all(Array.from({ length: count }, () => startWorker(env)));
}

/** Stops them all; for an `afterAll`. */
export async function stopWorkers(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
}

import { once } from "node:events";
import { firstMessage, startChildModule } from "./child-module";
import type { Verbs } from "./worker";

/** The messages to and from a worker. */
export type Call = { id: number; verb: string; args: unknown[] };
export type Answer = { id: number; value?: unknown; error?: object };

/** Another process on the same database, which runs verbs as a second server would. */
export type Worker = {
  pid: number;
  /** False once it has ended. */
  isRunning(): boolean;
  /** Runs a verb in the worker; calls may overlap. An error is rethrown here with its `name` and `code`. */
  call<V extends keyof Verbs>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Awaited<ReturnType<Verbs[V]>>>;
  /** Makes it close its connections and end. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL; pending calls are rejected. */
  kill(): Promise<void>;
};

/**
 * Workers that no test file uses any more, for the next one: a start takes a second of processor time. They end with this
 * process, in which files share modules.
 */
const idle: Worker[] = [];
const reusable = new WeakSet<Worker>();

const startNew = (count: number, env: Readonly<Record<string, string>>) =>
  Promise.all(Array.from({ length: count }, () => startWorker(env)));

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

  await firstMessage(child, "A worker");
  // An idle one does not keep this process.
  child.unref();
  child.channel?.unref();
  return {
    pid: child.pid ?? 0,
    isRunning: () => child.connected && child.exitCode === null && child.signalCode === null,
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

/**
 * Starts Node processes with the same database and environment as this one, or takes ones that an earlier file has
 * started; they end with this process at the latest. `worker.ts` has their verbs.
 *
 * @param env added to this process's environment; such processes are new ones
 */
export async function startWorkers(
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Worker[]> {
  if (Object.keys(env).length > 0) return startNew(count, env);
  const kept = idle.splice(0, count).filter((worker) => worker.isRunning());
  const started = await startNew(count - kept.length, env);
  for (const worker of started) reusable.add(worker);
  return [...kept, ...started];
}

/** Stops all of them, or makes them close their connections and keeps them for the next file; for an `afterAll`. */
export async function stopWorkers(workers: readonly Worker[]): Promise<void> {
  const end = async (worker: Worker) => {
    if (!reusable.has(worker) || !worker.isRunning()) return worker.stop();
    await worker.call("closeDatabase");
    idle.push(worker);
  };
  await Promise.all(workers.map(end));
}

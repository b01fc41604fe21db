import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Bench } from "./context";
import { startProgram } from "./program";

/** The jobs of a worker, each with one argument. */
export type Jobs = Readonly<Record<string, (input: never) => Promise<unknown>>>;
type Result<J extends Jobs, Name extends keyof J> = Awaited<ReturnType<J[Name]>>;
export type Call = Readonly<{ job: string; input: unknown }>;
export type Outcome = Readonly<{ value: unknown } | { error: string }>;

/** A separate process that runs measurements, so that this process's own work does not affect them. */
export type Worker<J extends Jobs> = Readonly<{
  pid: number;
  /** One call at a time. */
  call: <Name extends keyof J & string>(job: Name, input: Parameters<J[Name]>[0]) => Promise<Result<J, Name>>;
}>;

/** Starts one of the bundled programs: `verb`, `attacker`, `many-users` or `raw-hashing`. */
export async function startWorker<J extends Jobs>(
  bench: Bench,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<Worker<J>> {
  const script = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const { pid, child, exited, output } = startProgram(bench, name, ["--enable-source-maps", script], {
    env,
    talks: true,
  });
  const gone = exited.then((code): never => {
    throw new Error(`The process ${name} ended (${code}).\n${output()}`);
  });
  gone.catch(() => undefined);
  await Promise.race([once(child, "message"), gone]);
  return {
    pid,
    async call<Name extends keyof J & string>(
      job: Name,
      input: Parameters<J[Name]>[0],
    ): Promise<Result<J, Name>> {
      child.send({ job, input } satisfies Call);
      const [outcome] = (await Promise.race([once(child, "message"), gone])) as [Outcome];
      if ("error" in outcome) throw new Error(`${name}, ${job}: ${outcome.error}`);
      return outcome.value as Result<J, Name>;
    },
  };
}

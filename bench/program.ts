import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Bench } from "./context";

/** Grace period between SIGTERM and SIGKILL. */
const GRACE_MS = 15_000;
const SHOWN_LINES = 12;

/** A Node process that the benchmark has started. */
export type Program = Readonly<{
  pid: number;
  child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Returns the last lines that it printed. */
  output: () => string;
  /** Asks it to end, and waits until it has. */
  stop: () => Promise<void>;
}>;

/**
 * Starts a Node process that ends with the run at the latest. Ctrl-C at the terminal does not reach it; the shutdown
 * ends it, once.
 *
 * @param name its name; its output goes to a file of that name
 * @param args the script and its arguments
 * @param options `talks` opens an IPC channel
 */
export function startProgram(
  { folder, shutdown }: Bench,
  name: string,
  args: readonly string[],
  options: Readonly<{ env: NodeJS.ProcessEnv; cwd?: string; talks?: boolean }>,
): Program {
  if (shutdown.hasBegun) throw new Error("The run is over.");
  const file = path.join(folder, `${name}.log`);
  const log = openSync(file, "a");
  const child = spawn(process.execPath, args, {
    env: options.env,
    cwd: options.cwd ?? process.cwd(),
    detached: true,
    serialization: "advanced",
    stdio: ["ignore", log, log, ...(options.talks ? (["ipc"] as const) : [])],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const signal = (what: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    // The process has its own group, so that this reaches its children too.
    process.kill(-child.pid, what);
  };
  const stop = async () => {
    signal("SIGTERM");
    const timer = setTimeout(() => signal("SIGKILL"), GRACE_MS);
    await exited;
    clearTimeout(timer);
  };
  shutdown.add(name, stop);
  const output = () => readFileSync(file, "utf8").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
  return { pid: child.pid ?? 0, child, exited, output, stop };
}

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { Shutdown } from "@/server/shutdown";
import { buildBareNext, serveBareNext } from "./bare-next";
import type { Bench } from "./context";
import { ADMINISTRATOR, besideEnv, endLeftDatabase, workerEnv } from "./gatehouse";
import { httpClient } from "./http-client";
import { loginForm } from "./login-form";
import { measureForgotTiming } from "./measure-forgot-timing";
import { measureLogins } from "./measure-logins";
import { measureMemory } from "./measure-memory";
import { measurePages } from "./measure-pages";
import { measureRestarts } from "./measure-restarts";
import { measureScripts } from "./measure-scripts";
import { measureTiming } from "./measure-timing";
import type { rawJobs } from "./raw-hashing";
import { median } from "./statistics";
import { isPassed, type Row, tableText } from "./table";
import type { verbJobs } from "./verb";
import { startWorker } from "./worker";

const EXIT_INTERRUPTED = 130;

/** The threads that scripts/start.js gives to the server: the other two get as many. */
const THREADS = { UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || String(availableParallelism() + 4) };

async function logInAdministrator(port: number): Promise<string> {
  const client = httpClient(port);
  const cookie = await (await loginForm(client)).submit(ADMINISTRATOR.email, ADMINISTRATOR.password);
  client.close();
  return cookie;
}

async function measureAll(bench: Bench, chromium: string): Promise<{ rows: Row[]; remarks: string[] }> {
  const { say } = bench;
  say("Building the bare Next page …");
  const bareFolder = await buildBareNext(bench);
  say("Restarts …");
  const { row: restart, gatehouse } = await measureRestarts(bench);
  say("Logins …");
  const verb = await startWorker<typeof verbJobs>(bench, "verb", await besideEnv(bench, THREADS));
  const raw = await startWorker<typeof rawJobs>(bench, "raw-hashing", workerEnv(THREADS));
  const logins = await measureLogins(bench, gatehouse, { raw, verb });
  say("Pages …");
  const bare = await serveBareNext(bench, bareFolder);
  const cookie = await logInAdministrator(gatehouse.port);
  const pages = await measurePages(bench, gatehouse, bare, cookie);
  say("Scripts …");
  const scripts = await measureScripts(chromium, gatehouse, bare, cookie);
  say("Timing …");
  const timing = [...(await measureTiming(verb)), ...(await measureForgotTiming(verb, gatehouse.port))];
  const memory = await measureMemory(bench, gatehouse);
  return {
    rows: [...logins.rows, ...pages.rows, ...scripts, restart, ...timing, ...memory],
    remarks: [...logins.remarks, ...pages.remarks, othersRemark([...logins.others, ...pages.others])],
  };
}

function othersRemark(others: readonly number[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return `Other programs took ${percent(median(others))} of the machine's time in the quiet rounds, ${percent(Math.max(...others))} at most. Above some 10 % the ratios suffer.`;
}

/**
 * Measures what is claimed of speed and prints it, with the limits.
 *
 * @returns whether every limit was kept
 */
export async function main(options: { say: (line: string) => void; chromium: string }): Promise<boolean> {
  const { say, chromium } = options;
  process.env.LOG_LEVEL = "silent";
  const shutdown = new Shutdown();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void shutdown.run().then(() => process.exit(EXIT_INTERRUPTED)));
  }
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-bench-"));
  shutdown.add("folder", () => rm(folder, { recursive: true, force: true }));
  const bench = { folder, shutdown, say };
  shutdown.add("database", () => endLeftDatabase(bench));
  const begun = performance.now();
  try {
    const { rows, remarks } = await measureAll(bench, chromium);
    say(`\n${tableText(rows)}\n\n${remarks.join("\n")}`);
    say(`\nMeasured in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
    return isPassed(rows);
  } catch (error) {
    // Interrupted: what failed, failed because of that.
    if (shutdown.hasBegun) await new Promise(() => undefined);
    throw error;
  } finally {
    await shutdown.run();
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { findFreePort } from "@/server/free-port";
import { Shutdown } from "@/server/shutdown";
import { buildBareNext, serveBareNext } from "./bare-next";
import type { Bench } from "./context";
import {
  ADMINISTRATOR,
  sharedDatabaseEnv,
  startGatehouse,
  stopOrphanedDatabase,
  workerEnv,
} from "./gatehouse";
import { httpClient } from "./http-client";
import { loginForm } from "./login-form";
import { measureAttacks } from "./measure-attacks";
import { measureForgotTiming } from "./measure-forgot-timing";
import { measureGuesses } from "./measure-guesses";
import { measureLogins } from "./measure-logins";
import { measureMemory } from "./measure-memory";
import { measurePages } from "./measure-pages";
import { measureRest } from "./measure-rest";
import { measureRestarts } from "./measure-restarts";
import { measureScripts } from "./measure-scripts";
import { measureTiming } from "./measure-timing";
import { measureUsers } from "./measure-users";
import { type Options, parts } from "./options";
import type { rawJobs } from "./raw-hashing";
import { median } from "./statistics";
import { type Figures, figures, isPassed, tableText } from "./table";
import type { verbJobs } from "./verb";
import { startWorker } from "./worker";

export { readOptions } from "./options";

const EXIT_INTERRUPTED = 130;

/** One thread for each core, with which argon2id is fastest: more threads only compete for cores and caches. */
const THREADS = { UV_THREADPOOL_SIZE: String(availableParallelism()) };

async function logInAdministrator(port: number): Promise<string> {
  const client = httpClient(port);
  const cookie = await (await loginForm(client)).submit(ADMINISTRATOR.email, ADMINISTRATOR.password);
  client.close();
  return cookie;
}

/** Starts the server, runs the chosen measurements on it, and measures its memory at the end. */
async function measureServer(bench: Bench, { parts }: Options, chromium: string): Promise<Figures[]> {
  const { say } = bench;
  const needsBare = parts.has("pages") || parts.has("rest") || parts.has("logins");
  if (needsBare) say("Building the bare Next app …");
  const bareFolder = needsBare ? await buildBareNext(bench) : null;
  if (parts.has("restarts")) say("Restarts …");
  const restarts = parts.has("restarts") ? await measureRestarts(bench) : null;
  const gatehouse = restarts?.gatehouse ?? (await startGatehouse(bench, await findFreePort()));
  const verb = await startWorker<typeof verbJobs>(bench, "verb", await sharedDatabaseEnv(bench));
  await verb.call("allowAnyRate", null);
  const bare = bareFolder === null ? null : await serveBareNext(bench, bareFolder, THREADS);
  const found: Figures[] = [];
  if (bare && parts.has("logins")) {
    say("Logins …");
    const startHashing = (env: NodeJS.ProcessEnv) => startWorker<typeof rawJobs>(bench, "raw-hashing", env);
    const raw = await startHashing(workerEnv(THREADS));
    const defaultPool = await startHashing(workerEnv({}));
    found.push(await measureLogins(bench, gatehouse, bare, { raw, defaultPool, verb }));
  }
  if (bare && parts.has("rest")) {
    say("REST …");
    found.push(await measureRest(bench, gatehouse, bare, verb), await measureGuesses(bench, gatehouse, verb));
  }
  if (bare && parts.has("pages")) {
    say("Pages and scripts …");
    const cookie = await logInAdministrator(gatehouse.port);
    found.push(await measurePages(bench, gatehouse, bare, cookie));
    found.push(figures(await measureScripts(chromium, gatehouse, bare, cookie)));
  }
  if (restarts) found.push(figures([restarts.row]));
  if (parts.has("attacks")) {
    say("Attacks …");
    found.push(await measureAttacks(bench, gatehouse, verb));
  }
  if (parts.has("timing")) {
    say("Timing …");
    found.push(figures(await measureTiming(verb)));
    found.push(figures(await measureForgotTiming(verb, gatehouse.port)));
  }
  return [...found, figures(await measureMemory(bench, gatehouse))];
}

async function measureAll(bench: Bench, options: Options, chromium: string): Promise<Figures[]> {
  const ofServer = parts.some((part) => part !== "users" && options.parts.has(part));
  const found = ofServer ? await measureServer(bench, options, chromium) : [];
  if (!options.parts.has("users")) return found;
  bench.say(`${options.users.toLocaleString("en")} users …`);
  return [...found, await measureUsers(bench, options.users)];
}

function othersRemark(others: readonly number[]): string {
  if (others.length === 0) return "";
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return `Other programs took ${percent(median(others))} of the machine's time in the quiet rounds, ${percent(Math.max(...others))} at most. Above about 10 % the ratios are unreliable.`;
}

/**
 * Measures the claims about speed, and prints the results with their limits.
 *
 * @returns whether every limit was kept
 */
export async function main(given: {
  say: (line: string) => void;
  options: Options;
  chromium: string;
}): Promise<boolean> {
  const { say, options, chromium } = given;
  process.env.LOG_LEVEL = "silent";
  const shutdown = new Shutdown();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void shutdown.exit(EXIT_INTERRUPTED));
  }
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-bench-"));
  shutdown.add("folder", () => rm(folder, { recursive: true, force: true }));
  const bench = { folder, shutdown, say };
  shutdown.add("database", () => stopOrphanedDatabase(bench));
  const begun = performance.now();
  try {
    const found = await measureAll(bench, options, chromium);
    const rows = found.flatMap((one) => one.rows);
    const remarks = [
      ...found.flatMap((one) => one.remarks),
      othersRemark(found.flatMap((one) => one.others)),
    ];
    say(`\n${tableText(rows)}\n\n${remarks.join("\n")}`);
    say(`\nMeasured in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
    return isPassed(rows);
  } catch (error) {
    // The run was interrupted, which caused the failure: let the signal handler exit.
    if (shutdown.hasBegun) await new Promise(() => undefined);
    throw error;
  } finally {
    await shutdown.run();
  }
}

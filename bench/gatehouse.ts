import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findEmbeddedDatabase } from "@/server/embedded-database";
import { readPostmaster } from "@/server/postgres-process";
import { cleanEnv } from "@/tests/support/environment";
import type { Bench } from "./context";
import { type HttpClient, httpClient } from "./http-client";
import { type Program, startProgram } from "./program";

export const ADMINISTRATOR = { email: "administrator@example.org", password: "a gate, a house, a bench" };

const POLL_MS = 4;
const START_LIMIT_MS = 60_000;

/** The production server on a temporary data folder. */
export type Gatehouse = Readonly<{
  program: Program;
  port: number;
  /** Time from the start of the process to the first page, in milliseconds. */
  firstAnswerMs: number;
}>;

function dataDir({ folder }: Bench): string {
  return path.join(folder, "data");
}

async function waitForPage(client: HttpClient, isGone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!isGone() && performance.now() < deadline) {
    const answer = await client.ask("/login").catch(() => null);
    if (answer?.status === 200) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Starts the server as `npm start` does and waits for its login page. The first start makes the data folder. */
export async function startGatehouse(bench: Bench, port: number): Promise<Gatehouse> {
  const env = workerEnv({
    DATA_DIR: dataDir(bench),
    PORT: String(port),
    ADMIN_EMAIL: ADMINISTRATOR.email,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    // So that an attacker can come from several networks.
    TRUST_PROXY: "1",
  });
  const begun = performance.now();
  const program = startProgram(bench, "gatehouse", ["scripts/start.js"], { env });
  const client = httpClient(port);
  const isUp = await waitForPage(client, () => program.child.exitCode !== null);
  const firstAnswerMs = performance.now() - begun;
  client.close();
  if (!isUp) throw new Error(`Gatehouse did not start.\n${program.output()}`);
  return { program, port, firstAnswerMs };
}

/** Returns a production environment with `given`, but without the developer's own Gatehouse variables. */
export function workerEnv(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...cleanEnv(given), NODE_ENV: "production" };
}

/** Returns the environment of another process on the database of the running server. */
export async function sharedDatabaseEnv(bench: Bench): Promise<NodeJS.ProcessEnv> {
  const found = await findEmbeddedDatabase(dataDir(bench));
  if (!found) throw new Error("The embedded database does not run.");
  const { url, secretKey } = found;
  const base = { BASE_URL: "http://localhost:3000", LOG_LEVEL: "silent" };
  return workerEnv({ ...base, DATABASE_URL: url, SECRET_KEY: secretKey });
}

/** Returns the process id of the server's PostgreSQL; 0 if it does not run. */
export async function postmasterPid(bench: Bench): Promise<number> {
  return (await readPostmaster(path.join(dataDir(bench), "postgres")))?.pid ?? 0;
}

/** Stops a PostgreSQL that a killed server has left running. */
export async function stopOrphanedDatabase(bench: Bench): Promise<void> {
  for (let asked = false; ; asked = true) {
    const pid = await postmasterPid(bench);
    if (pid === 0) return;
    if (!asked) process.kill(pid, "SIGINT");
    await sleep(POLL_MS);
  }
}

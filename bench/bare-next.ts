import { cpSync, symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "@/server/free-port";
import type { Bench } from "./context";
import { sharedDatabaseEnv } from "./gatehouse";
import { httpClient } from "./http-client";
import { type Program, startProgram } from "./program";

const NEXT = path.resolve("node_modules/next/dist/bin/next");
const START_LIMIT_MS = 20_000;

/**
 * A minimal Next app, built and served by the same version of Next: a page, a route with one query, and a route that
 * verifies a password.
 */
export type BareNext = Readonly<{ program: Program; port: number }>;

/** Builds `bench/bare-app` in a folder of its own. */
export async function buildBareNext(bench: Bench): Promise<string> {
  const cwd = path.join(bench.folder, "bare-app");
  cpSync("bench/bare-app", cwd, { recursive: true });
  symlinkSync(path.resolve("node_modules"), path.join(cwd, "node_modules"), "junction");
  const env = { ...process.env, NODE_ENV: "production" } as const;
  const build = startProgram(bench, "bare-build", [NEXT, "build"], { env, cwd });
  if ((await build.exited) !== 0) throw new Error(`The bare Next app could not be built.\n${build.output()}`);
  return cwd;
}

/** Serves what `buildBareNext` has built, on the database of the running server. */
export async function serveBareNext(
  bench: Bench,
  cwd: string,
  threads: Readonly<Record<string, string>>,
): Promise<BareNext> {
  const port = await findFreePort();
  const env = { ...(await sharedDatabaseEnv(bench)), ...threads };
  // Its connections stay open between the rounds: as one is closed for being idle, a request on it would fail.
  const args = [NEXT, "start", "-H", "127.0.0.1", "-p", String(port), "--keepAliveTimeout", "600000"];
  const program = startProgram(bench, "bare-next", args, { env, cwd });
  const client = httpClient(port);
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await client.ask("/").catch(() => null);
    if (answer?.status === 200) break;
    if (performance.now() > deadline)
      throw new Error(`The bare Next app did not start.\n${program.output()}`);
    await sleep(50);
  }
  client.close();
  return { program, port };
}

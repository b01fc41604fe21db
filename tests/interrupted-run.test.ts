import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-interrupted-"));
  return () => rm(folder, { recursive: true, force: true });
});

it.each(["SIGINT", "SIGTERM"] as const)("tests that %s ends leave nothing behind", async (signal) => {
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "tests/architecture.test.ts"];
  const run = spawn(process.execPath, vitest, { env: { ...process.env, TMPDIR: folder }, stdio: "ignore" });
  const ended = once(run, "exit");
  // On a busy machine the runner takes long to start.
  await expect.poll(() => readdir(folder, { recursive: true }), { timeout: 25_000 }).not.toEqual([]);
  run.kill(signal);
  await ended;
  expect(await readdir(folder)).toEqual([]);
});

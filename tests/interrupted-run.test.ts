import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
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

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it("a program of a start that is killed does not outlive it: it would be in the next start's way", async () => {
  const file = path.join(folder, "pid");
  const program = `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => 0, 1e6);`;
  const start = `require("./scripts/run.js").run("Building", [process.execPath, "-e", ${JSON.stringify(program)}], { say() {} });`;
  const run = spawn(process.execPath, ["-e", start], { stdio: "ignore" });
  const read = async () => Number(await readFile(file, "utf8").catch(() => ""));
  await expect.poll(read, { timeout: 25_000 }).toBeGreaterThan(0);
  const pid = await read();
  run.kill("SIGKILL");
  try {
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  } finally {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  }
});

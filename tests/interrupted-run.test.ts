import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

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

describe("a program of a start", () => {
  const script = () => path.join(folder, "program.js");
  const file = () => path.join(folder, "pid");
  const pid = async () => Number(await readFile(file(), "utf8").catch(() => ""));

  /** Starts what runs a program as `npm start` runs a build, and waits until that program is up. */
  async function startRunning(program: string) {
    await writeFile(
      script(),
      `${program}; require("node:fs").writeFileSync(${JSON.stringify(file())}, String(process.pid)); setInterval(() => 0, 1e6);`,
    );
    const task = `require("./scripts/run.js").run("Building", [process.execPath, ${JSON.stringify(script())}], { say() {} })`;
    const start = `require("./scripts/node.js").runProgram(() => ${task});`;
    const run = spawn(process.execPath, ["-e", start], { stdio: ["ignore", "ignore", "pipe"] });
    await expect.poll(pid, { timeout: 25_000 }).toBeGreaterThan(0);
    return run;
  }

  afterEach(async () => {
    const left = await pid();
    if (left > 0 && isAlive(left)) process.kill(left, "SIGKILL");
  });

  it("does not outlive it when that is killed: it would be in the next start's way", async () => {
    const run = await startRunning("");
    run.kill("SIGKILL");
    const left = await pid();
    await expect.poll(() => isAlive(left), { timeout: 10_000 }).toBe(false);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "has ended before the start says that %s stopped it, even if that comes again meanwhile",
    async (signal) => {
      const closing = path.join(folder, "closing");
      const again = `require("node:fs").writeFileSync(${JSON.stringify(closing)}, ""); process.once("${signal}", () => process.exit(0));`;
      const run = await startRunning(`process.once("${signal}", () => { ${again} })`);
      const ended = once(run, "exit");
      const said = text(run.stderr);
      run.kill(signal);
      await expect.poll(() => existsSync(closing), { timeout: 10_000 }).toBe(true);
      // As npm forwards a Ctrl-C that the terminal has sent to the start as well.
      run.kill(signal);
      expect(await ended).toEqual([1, null]);
      expect(isAlive(await pid())).toBe(false);
      expect(await said).toBe(`Building was stopped by ${signal}. It is done again next time.\n`);
    },
  );
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "a container's first process ends at %s also while nothing else handles that",
  async (signal) => {
    const first = path.join(folder, "first.cjs");
    await writeFile(first, 'Object.defineProperty(process, "pid", { value: 1 });');
    const program = "() => { console.log(); return new Promise(() => setInterval(() => 0, 1e6)); }";
    const start = `require("./scripts/node.js").runProgram(${program});`;
    const run = spawn(process.execPath, ["--require", first, "-e", start]);
    const ended = once(run, "exit");
    await once(run.stdout, "data");
    run.kill(signal);
    // Not by the signal's own effect, from which the kernel would have spared it; but whoever waits is told the same.
    expect(await ended).toEqual([128 + constants.signals[signal], null]);
  },
);

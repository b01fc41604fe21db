import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it, vi } from "vitest";

let folder: string;
let endAll: typeof import("@/scripts/supervise").endAll;
let supervise: typeof import("@/scripts/supervise").supervise;

beforeEach(async () => {
  // Each test has the module to itself: once all programs were ended, it starts no other.
  vi.resetModules();
  ({ endAll, supervise } = await import("@/scripts/supervise"));
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-supervise-"));
  return () => rm(folder, { recursive: true, force: true });
});

const node = (program: string) => [process.execPath, "-e", program];
const inAMinute = () => Date.now() + 60_000;

it.each([
  ["process.exit(3)", "exit code 3"],
  ["process.kill(process.pid, 'SIGKILL')", "SIGKILL"],
])("a program that ends by %s has failed, and it is said how", async (program, how) => {
  const { ok, output } = await supervise(node(`console.log("said"); ${program}`), { deadline: inAMinute() });
  expect(ok).toBe(false);
  expect(output).toMatch(new RegExp(`^said\n\n\\S+: ${how}$`));
});

it("a program that takes too long is stopped, and it is said that it was", async () => {
  const outcome = await supervise(node("setInterval(() => {}, 1_000)"), { deadline: Date.now() + 50 });
  expect(outcome).toEqual({
    ok: false,
    output: expect.stringMatching(/: it took too long and was stopped$/),
  });
});

it("what a program leaves running ends with it", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const gone = once(server, "connection").then(([socket]) => once(socket.resume(), "close"));
  const left = `require("node:net").connect(${(server.address() as AddressInfo).port}).on("connect", () => console.log("up"))`;
  const program = `
    const { spawn } = require("node:child_process");
    const left = spawn(process.execPath, ["-e", ${JSON.stringify(left)}], { stdio: ["ignore", "pipe", "ignore"] });
    left.stdout.once("data", () => process.exit());`;
  expect(await supervise(node(program), { deadline: inAMinute() })).toEqual({ ok: true, output: "" });
  await gone;
  server.close();
});

it("each program is ended by the signal at which it cleans up", async () => {
  const signals = ["SIGTERM", "SIGINT"] as const;
  const made = signals.map((name) => path.join(folder, name));
  for (const [i, endsAt] of signals.entries()) {
    const file = JSON.stringify(made[i]);
    const program = `
      const fs = require("node:fs");
      process.on("${endsAt}", () => process.exit(fs.rmSync(${file})));
      fs.writeFileSync(${file}, "");
      setInterval(() => {}, 1_000);`;
    void supervise(node(program), { deadline: inAMinute(), endsAt });
  }
  await expect.poll(() => made.map((file) => existsSync(file))).toEqual([true, true]);
  await endAll();
  expect(made.map((file) => existsSync(file))).toEqual([false, false]);
});

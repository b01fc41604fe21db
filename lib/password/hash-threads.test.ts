import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, getPriority, setPriority } from "node:os";
import type { Piscina } from "piscina";
import { afterEach, expect, test, vi } from "vitest";
import { onePerProcess } from "@/lib/core/one-per-process";
import { hashPassword, verifyPassword } from "./hash";
import { runInWorker } from "./hash-threads";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, readFileSync: vi.fn(fs.readFileSync) };
});
vi.mock("node:os", async (original) => {
  const os = await original<typeof import("node:os")>();
  return { ...os, setPriority: vi.fn(os.setPriority) };
});

const pool = onePerProcess<Piscina>("hash-threads");

afterEach(async () => {
  vi.mocked(readFileSync).mockReset();
  vi.mocked(setPriority).mockReset();
  await pool.take()?.destroy();
});

const overloaded = { code: "overloaded", retryAfterSeconds: 5 };
const absent = () => {
  throw Object.assign(new Error("There is no such file."), { code: "ENOENT" });
};

/** The niceness of every thread of this process. Only on Linux does a thread have its own. */
const priorities = () =>
  process.platform === "linux"
    ? readdirSync("/proc/self/task").map((thread) => getPriority(Number(thread)))
    : [getPriority()];

test.each([
  ["the lowest", "gives each session its share", () => "1\n", 19],
  ["low", "could, but is told not to", () => "0\n", 10],
  ["low", "knows no such thing", absent, 10],
])("hashes have %s priority where the kernel %s", async (_priority, _kernel, read, niceness) => {
  vi.mocked(readFileSync).mockImplementation(read);
  // That of the shell that runs the tests.
  const usual = getPriority();
  // On a busy machine its turn may come too late; its thread has begun then too.
  await verifyPassword(null, "a password").catch((error) => expect(error).toMatchObject(overloaded));
  const lowered = process.platform === "linux" && usual < 19 ? [Math.min(usual + niceness, 19)] : [];
  expect(priorities().filter((priority) => priority !== usual)).toEqual(lowered);
});

test("where this process may not change priorities, hashes have the usual one", async () => {
  vi.mocked(setPriority).mockImplementation(() => {
    throw new Error("uv_os_setpriority returned EPERM");
  });
  await verifyPassword(null, "a password").catch((error) => expect(error).toMatchObject(overloaded));
  expect(new Set(priorities())).toEqual(new Set([getPriority()]));
});

test("a hash that has waited for too long is not made, unless whoever needs it has more time", async () => {
  const now = process.hrtime.bigint();
  const clock = vi.spyOn(process.hrtime, "bigint").mockReturnValue(now - 5_100_000_000n);
  await expect(verifyPassword(null, "a password")).rejects.toMatchObject(overloaded);
  await expect(hashPassword("a password")).rejects.toMatchObject(overloaded);
  expect(await hashPassword("a password", { maxWaitMs: 600_000 })).toMatch(/^\$argon2id\$/);
  clock.mockRestore();
});

test("a hash whose turn does not come in time is refused then, and one that ends with its thread gives its turn on", async () => {
  // About a second for each thread, and as much in its queue.
  const cost = { memoryCost: 19_456, timeCost: 200, parallelism: 1 };
  let done = 0;
  const others = Array.from({ length: 2 * availableParallelism() }, () =>
    runInWorker("hash", { password: "another password", cost }, { maxWaitMs: 600_000 }).finally(() => {
      done += 1;
    }),
  );
  const all = Promise.allSettled(others);
  await expect(hashPassword("a password", { maxWaitMs: 50 })).rejects.toMatchObject(overloaded);
  expect(done).toBe(0);
  await pool.take()?.destroy();
  await all;
  expect(await hashPassword("a password", { maxWaitMs: 600_000 })).toMatch(/^\$argon2id\$/);
});

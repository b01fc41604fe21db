import { spawnSync } from "node:child_process";
import { getPriority } from "node:os";
import { expect, test } from "vitest";

/**
 * Prints the niceness of each thread of a Node process, the main one first, on a kernel that gives sessions shares, or not.
 * @param before runs first
 */
const script = (shares: string, before: string) => `
  ${before}
  const fs = require("node:fs");
  const read = fs.readFileSync;
  fs.readFileSync = (file, ...rest) =>
    file === "/proc/sys/kernel/sched_autogroup_enabled" ? ${JSON.stringify(shares)} : read(file, ...rest);
  require("./scripts/helper-threads.js").lowerHelperThreads();
  const threads = process.platform === "linux" ? fs.readdirSync("/proc/self/task").map(Number) : [];
  const others = threads.filter((thread) => thread !== process.pid);
  console.log(JSON.stringify([process.pid, ...others].map((id) => require("node:os").getPriority(id))));`;

const nicenessOfThreads = (shares: string, before = ""): number[] => {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script(shares, before)], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as number[];
};

test("V8's threads leave the CPU to the event loop, where other programs cannot take it from them", () => {
  const usual = getPriority();
  const lowered = process.platform === "linux" ? Math.min(usual + 10, 19) : usual;
  const [main, ...others] = nicenessOfThreads("1\n");
  expect(main).toBe(usual);
  expect(new Set(others)).toEqual(new Set(others.length > 0 ? [lowered] : []));
});

test("V8's threads keep their priority where other programs could take the CPU from them", () => {
  expect(new Set(nicenessOfThreads("0\n"))).toEqual(new Set([getPriority()]));
});

test("V8's threads keep their priority where this process may not change it, and the program goes on", () => {
  const refuse = `require("node:os").setPriority = () => { throw new Error("EPERM"); };`;
  expect(new Set(nicenessOfThreads("1\n", refuse))).toEqual(new Set([getPriority()]));
});

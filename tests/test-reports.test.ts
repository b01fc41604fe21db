import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readPlaywright, readVitest, settle } from "@/scripts/test-reports.js";
import { steps } from "@/scripts/test-steps.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gatehouse-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function report(content: unknown): string {
  const file = path.join(folder, "report.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

it("a test that was skipped, or passed only when it was repeated, has failed", () => {
  expect(readVitest(report({ numPassedTests: 5, numTotalTests: 8 }))).toEqual({ passed: 5, failed: 3 });
  const stats = { expected: 5, unexpected: 1, flaky: 2, skipped: 4 };
  expect(readPlaywright(report({ stats }))).toEqual({ passed: 5, failed: 7 });
});

it.each([readVitest, readPlaywright])("%o counts no tests in a missing or invalid report", (read) => {
  for (const file of [path.join(folder, "nowhere.json"), report("{"), report({})])
    expect(read(file)).toEqual({ passed: 0, failed: 0 });
});

it.each([
  ["passes", { passed: 5, failed: 0 }, true, 0],
  ["has failures of its own", { passed: 5, failed: 2 }, false, 2],
  ["fails outside of any test", { passed: 5, failed: 0 }, false, 1],
  ["runs no test", { passed: 0, failed: 0 }, true, 1],
])("a run that %s", (_name, counts, ok, failed) => {
  expect(settle(counts, ok)).toEqual({ passed: counts.passed, failed });
});

it.each([
  ["nonsense", 2, /^There is no step "nonsense"\. The steps are: lint, types, /],
  ["unit no/such/file", 1, / RUN .*\n0 passed, 1 failed\n$/s],
])("npm test -- %s fails, from any folder, with an exit code for CI", (args, code, said) => {
  const script = path.resolve("scripts/test.js");
  const { status, stdout } = spawnSync(process.execPath, [script, ...args.split(" ")], {
    cwd: folder,
    encoding: "utf8",
    // Otherwise a choice that is not refused would run everything.
    timeout: 100_000,
  });
  expect(status).toBe(code);
  expect(stdout).toMatch(said);
  expect(readdirSync(folder)).toEqual([]);
});

it("a step that matches no test says so, and names no report that does not exist", async () => {
  const unit = steps.find(({ name }) => name === "unit");
  const context = { deadline: Date.now() + 60_000, isLive: false, reports: folder, say: () => undefined };
  const outcome = await unit?.run({ ...context, args: ["no/such/file"] });
  expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  expect(outcome?.output).toContain("No test files found");
  expect(outcome?.output).toContain("no/such/file");
  expect(outcome?.output).not.toContain(folder);
});

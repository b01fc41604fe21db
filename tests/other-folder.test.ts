import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";

const TEST = path.resolve("scripts/test.js");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-other-folder-"));
  return () => rm(folder, { recursive: true, force: true });
});

it("the tests run from any folder, and leave nothing in it", async () => {
  const { stdout } = spawnSync(process.execPath, [TEST, "lint"], { cwd: folder, encoding: "utf8" });
  expect(stdout).toContain("Format and lint");
  expect(await readdir(folder)).toEqual([]);
});

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { startThrowawayDatabase } from "./throwaway-database";

it("a throw-away database that cannot be started leaves no folder", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-throwaway-$-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startThrowawayDatabase()).rejects.toThrow("because of the character $ in that path");
  expect(await readdir(folder)).toEqual([]);
});

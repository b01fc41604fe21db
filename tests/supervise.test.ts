import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { endAll, supervise } from "@/scripts/supervise";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-supervise-"));
  return () => rm(folder, { recursive: true, force: true });
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
    void supervise([process.execPath, "-e", program], { deadline: Date.now() + 60_000, endsAt });
  }
  await expect.poll(() => made.map((file) => existsSync(file))).toEqual([true, true]);
  await endAll();
  expect(made.map((file) => existsSync(file))).toEqual([false, false]);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { unreadEnvFile } from "./env-file";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-env-file-"));
  vi.stubEnv("PORT", undefined);
  vi.stubEnv("SMTP_URL", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const hint = () => unreadEnvFile("scripts/start.js", folder);

it("names what a .env would have set, and how to use it, but no value", async () => {
  await writeFile(path.join(folder, ".env"), "PORT=4000\nSMTP_URL='smtp://u:canary@mail.example'\nOTHER=1\n");
  expect(await hint()).toBe(
    "The file .env has PORT, SMTP_URL, but is not read. To start with it: node --env-file=.env scripts/start.js",
  );
  vi.stubEnv("SMTP_URL", "smtp://mail.example");
  expect(await hint()).toMatch(/^The file \.env has PORT, but/);
});

it("does not mention a .env that the environment was read from, is about something else, or is missing", async () => {
  expect(await hint()).toBeNull();
  await writeFile(path.join(folder, ".env"), "PORT=4000\nOTHER=1\n");
  vi.stubEnv("PORT", "4000");
  expect(await hint()).toBeNull();
});

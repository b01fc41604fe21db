import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

/** What the server is built from. Without the rest, building the console would fail with a message of its own. */
const SOURCES = ["scripts", "server", "lib", "prisma", "prisma.config.ts", "tsconfig.json"];
const PACKAGES = ["package.json", "package-lock.json", ".npmrc"];

let clone: string;

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), "gatehouse-clone-"));
  for (const name of [...SOURCES, ...PACKAGES]) cpSync(name, path.join(clone, name), { recursive: true });
  symlinkSync(path.resolve("node_modules"), path.join(clone, "node_modules"));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

async function start(env: Record<string, string>) {
  const { PATH, HOME, NODE_ENV } = process.env;
  const options = { cwd: clone, env: { PATH, HOME, NODE_ENV, DATA_DIR: path.join(clone, "data"), ...env } };
  return promisify(execFile)(process.execPath, ["scripts/start.js"], options).catch((error) => error);
}

it("a wrong setting or a busy port is reported before the console is built, and nothing else begins", async () => {
  expect(await start({ PORT: "abc" })).toMatchObject({
    code: 1,
    stdout: expect.not.stringContaining("Building the console"),
    stderr: expect.stringContaining("PORT must be a whole number from 1 to 65535."),
  });
  // As `main` says it of an error that only shows later: the right setting may be in the file.
  writeFileSync(path.join(clone, ".env"), "DATA_DIR=x\nBASE_URL=https://id.example.org\n");
  expect(await start({ PORT: "abc" })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The file \.env has BASE_URL, but is not read\. .*\n\n.*PORT must be/s),
  });
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  expect(await start({ PORT: String(port) })).toMatchObject({
    code: 1,
    stdout: expect.not.stringContaining("Building the console"),
    stderr: expect.stringContaining(`Port ${port} is already in use.`),
  });
  other.close();
  expect(existsSync(path.join(clone, "data"))).toBe(false);
});

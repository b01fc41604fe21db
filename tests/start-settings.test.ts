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

/** Expects that a start says what is wrong before the console is built, and nothing else begins. */
async function expectReported(env: Record<string, string>, message: string): Promise<void> {
  expect(await start(env)).toMatchObject({
    code: 1,
    stdout: expect.not.stringContaining("Building the console"),
    stderr: expect.stringContaining(message),
  });
  expect(existsSync(path.join(clone, "data"))).toBe(false);
}

it.each<[Record<string, string>, string]>([
  [{ PORT: "abc" }, "PORT must be a whole number from 1 to 65535."],
  [{ HOST: "192.0.2.1" }, "HOST 192.0.2.1 is not an address of this machine."],
])("a wrong setting is reported before the console is built: %j", async (env, message) => {
  await expectReported(env, message);
});

it("a busy port is reported before the console is built", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await expectReported({ PORT: String(port) }, `Port ${port} is already in use.`);
  other.close();
});

it("a `.env`, which is not read, is mentioned with it: the right setting may be in there", async () => {
  writeFileSync(path.join(clone, ".env"), "DATA_DIR=x\nBASE_URL=https://id.example.org\n");
  expect(await start({ PORT: "abc" })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The file \.env has BASE_URL, but is not read\. .*\n\n.*PORT must be/s),
  });
});

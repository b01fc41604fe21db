import { spawn } from "node:child_process";
import { once } from "node:events";
import fs, { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir, uptime } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { acquireLock } from "@/scripts/prepare-lock.js";

let folder = "";
let lock = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gatehouse-prepare-"));
  lock = path.join(folder, "build", "prepare.lock");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const nobodyWaits = (line: string) => expect.unreachable(line);

/** Leaves a lock behind as a start does that was killed while it held it. */
async function leaveBehind(text: string): Promise<void> {
  (await acquireLock(lock, nobodyWaits))();
  writeFileSync(lock, text);
}

describe("the lock of a clone", () => {
  it("is held by one, and gone when it is released", async () => {
    const release = await acquireLock(lock, nobodyWaits);
    expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
    release();
    expect(existsSync(lock)).toBe(false);
  });

  it("of a start that lives is waited for, until that ends", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
    await leaveBehind(String(other.pid));
    const said: string[] = [];
    const tried = vi.spyOn(fs, "writeFileSync");
    const holding = acquireLock(lock, (line) => said.push(line));
    await expect.poll(() => tried.mock.calls.length).toBeGreaterThan(2);
    expect(said).toEqual([expect.stringMatching(/^Waiting for another start/)]);
    other.kill();
    await once(other, "exit");
    (await holding)();
  });

  it.each([
    ["of another user's start", String(process.ppid), "EPERM"],
    ["that is not filled yet", "", "ESRCH"],
  ])("%s is waited for too", async (_name, text, code) => {
    await leaveBehind(text);
    vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    const tried = vi.spyOn(fs, "writeFileSync");
    const holding = acquireLock(lock, () => undefined);
    await expect.poll(() => tried.mock.calls.length).toBeGreaterThan(1);
    expect(readFileSync(lock, "utf8")).toBe(text);
    rmSync(lock);
    (await holding)();
  });

  it("is gone when its start gives up", async () => {
    const program = `require("./scripts/prepare-lock.js").acquireLock(${JSON.stringify(lock)}).then(() => process.exit(7))`;
    const [code] = await once(spawn(process.execPath, ["-e", program]), "exit");
    expect([code, existsSync(lock)]).toEqual([7, false]);
  });

  it.each([
    ["of a start that was killed", "2147483646"],
    ["of one that had our own number, as in a container", String(process.pid)],
  ])("%s is in nobody's way", async (_name, text) => {
    await leaveBehind(text);
    (await acquireLock(lock, nobodyWaits))();
  });

  it("of a start from before the machine's is in nobody's way, whoever has its number now", async () => {
    await leaveBehind(String(process.ppid));
    const before = new Date(Date.now() - uptime() * 1_000 - 60_000);
    utimesSync(lock, before, before);
    (await acquireLock(lock, nobodyWaits))();
  });

  it("is not taken where this user may not write, and says so in words", async () => {
    const denied = Object.assign(new Error("denied"), { code: "EACCES" });
    vi.spyOn(fs, "writeFileSync").mockImplementation(() => {
      throw denied;
    });
    await expect(acquireLock(lock, nobodyWaits)).rejects.toMatchObject({
      hasUserMessage: true,
      message: expect.stringMatching(/this user cannot write/),
      cause: denied,
    });
  });

  it("that was never filled is in nobody's way for long", async () => {
    await leaveBehind("");
    const past = new Date(Date.now() - 60_000);
    utimesSync(lock, past, past);
    (await acquireLock(lock, nobodyWaits))();
  });
});

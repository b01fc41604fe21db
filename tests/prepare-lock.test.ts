import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir, uptime } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { acquireLock } from "@/scripts/prepare-lock.js";

let folder = "";
let lock = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gatehouse-prepare-"));
  lock = path.join(folder, "build", "preparing");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const nobodyWaits = (line: string) => expect.unreachable(line);

/** A program that takes the lock and then runs `next`. */
const taking = (next: string) =>
  `require("./scripts/prepare-lock.js").acquireLock(${JSON.stringify(lock)}, () => undefined).then(() => { ${next} })`;

/** Has another start take the lock and be killed while it holds it. @returns the file that it leaves behind */
function leaveBehind(): string {
  spawnSync(process.execPath, ["-e", taking('process.kill(process.pid, "SIGKILL")')]);
  const [file, ...others] = readdirSync(lock);
  expect(others).toEqual([]);
  return path.join(lock, file ?? "");
}

/** Leaves a lock behind as one does that had this pid. */
function leaveBehindOf(pid: number | undefined): string {
  mkdirSync(lock, { recursive: true });
  const file = path.join(lock, `${pid}.c3a3`);
  writeFileSync(file, "");
  return file;
}

describe("the lock of a clone", () => {
  it("is held by one, and free when it is released", async () => {
    const release = await acquireLock(lock, nobodyWaits);
    expect(readdirSync(lock)).toEqual([expect.stringMatching(`^${process.pid}\\.`)]);
    release();
    expect(readdirSync(lock)).toEqual([]);
    (await acquireLock(lock, nobodyWaits))();
    expect(readdirSync(path.dirname(lock)), "nothing else is left").toEqual(["preparing"]);
  });

  it("of a start that lives is waited for, until that ends", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
    leaveBehindOf(other.pid);
    const said: string[] = [];
    const tried = vi.spyOn(fs, "renameSync");
    const holding = acquireLock(lock, (line) => said.push(line));
    await expect.poll(() => tried.mock.calls.length).toBeGreaterThan(2);
    expect(said).toEqual([expect.stringMatching(/^Waiting for another start/)]);
    other.kill();
    await once(other, "exit");
    (await holding)();
  });

  it("of another user's start is waited for too", async () => {
    const file = leaveBehindOf(process.ppid);
    vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("EPERM"), { code: "EPERM" });
    });
    const tried = vi.spyOn(fs, "renameSync");
    const holding = acquireLock(lock, () => undefined);
    await expect.poll(() => tried.mock.calls.length).toBeGreaterThan(1);
    expect(readdirSync(lock)).toEqual([path.basename(file)]);
    rmSync(file);
    (await holding)();
  });

  it("is free when its start gives up", async () => {
    const [code] = await once(spawn(process.execPath, ["-e", taking("process.exit(7)")]), "exit");
    expect([code, readdirSync(lock)]).toEqual([7, []]);
  });

  it("of a start that was killed is in nobody's way", async () => {
    leaveBehind();
    (await acquireLock(lock, nobodyWaits))();
  });

  it("of one that had our own number, as in a container, is in nobody's way", async () => {
    leaveBehindOf(process.pid);
    (await acquireLock(lock, nobodyWaits))();
    expect(readdirSync(lock), "nothing is left").toEqual([]);
  });

  it("of a start from before the machine's is in nobody's way, whoever has its number now", async () => {
    const file = leaveBehindOf(process.ppid);
    const before = new Date(Date.now() - uptime() * 1_000 - 60_000);
    utimesSync(file, before, before);
    (await acquireLock(lock, nobodyWaits))();
    expect(readdirSync(lock), "nothing is left").toEqual([]);
  });

  it("of a start that was killed is taken by one, even if another finds it at the same moment", async () => {
    const left = leaveBehind();
    const remove = fs.rmSync;
    let faster = "";
    vi.spyOn(fs, "rmSync").mockImplementation((file, options) => {
      // The other one takes the lock after this one has seen that its holder is dead.
      if (file === left && faster === "") {
        remove(left);
        faster = leaveBehind();
        vi.spyOn(process, "kill").mockReturnValue(true);
      }
      remove(file, options);
    });
    const said: string[] = [];
    const holding = acquireLock(lock, (line) => said.push(line));
    await expect.poll(() => said.length).toBe(1);
    expect(readdirSync(lock)).toEqual([path.basename(faster)]);
    remove(faster);
    (await holding)();
  });

  it("is not taken where this user may not write, and says so in words, and what a build with a narrow umask needs", async () => {
    const denied = Object.assign(new Error("denied"), { code: "EACCES" });
    vi.spyOn(fs, "mkdirSync").mockImplementation(() => {
      throw denied;
    });
    await expect(acquireLock(lock, nobodyWaits)).rejects.toMatchObject({
      hasUserMessage: true,
      message: expect.stringMatching(
        /this user cannot write.+\. If that is done, .+: chmod -R go\+rX \.next build node_modules prisma\/generated$/,
      ),
      cause: denied,
    });
  });
});

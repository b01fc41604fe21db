import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isPostgres, readPostmaster, run } from "./postgres-process";

let root: string;
let cluster: string;
let started: ChildProcess[];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "gatehouse-process-"));
  cluster = path.join(root, "cluster");
  await mkdir(cluster);
  started = [];
});
afterEach(async () => {
  for (const child of started) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await rm(root, { recursive: true, force: true });
});

/** As `describe`, where Linux tells of processes. Not `describe.runIf`: `npm test` counts a skipped test as failed. */
const describeOnLinux: (name: string, tests: () => void) => void =
  process.platform === "linux" ? describe : () => undefined;

it("a program that is run tells how it ended, and what it said on either way out", async () => {
  expect(await run(["/bin/sh", "-c", "echo one; echo two >&2; exit 3"])).toEqual({
    code: 3,
    output: expect.stringMatching(/^(?:one\ntwo|two\none)$/),
  });
  expect(await run(["/bin/sh", "-c", "kill -9 $$"])).toEqual({ code: null, output: "" });
  expect(await run([path.join(root, "none")])).toEqual({
    code: null,
    output: expect.stringMatching(/ENOENT$/),
  });
  const late = "(while kill -0 $$ 2>/dev/null; do :; done; echo late) &";
  expect(await run(["/bin/sh", "-c", late])).toEqual({ code: 0, output: "late" });
});

describeOnLinux("a program that is run", () => {
  const sessionOf = (stat: string) => stat.slice(stat.lastIndexOf(")")).split(" ")[4];

  it("has nothing of ours but the path to programs, and speaks English", async () => {
    const { code, output } = await run(["/usr/bin/env"]);
    expect(code).toBe(0);
    const { NODE_ENV, PATH } = process.env;
    expect(output.split("\n").sort()).toEqual(
      ["LC_ALL=C", `NODE_ENV=${NODE_ENV}`, `PATH=${PATH}`, "TZ=UTC"].sort(),
    );
  });

  it("works in a folder that everybody may enter, in a session that a terminal's Ctrl-C does not reach", async () => {
    expect(await run(["/bin/pwd"])).toEqual({ code: 0, output: "/" });
    const { output } = await run(["/bin/cat", "/proc/self/stat"]);
    expect(sessionOf(output)).toBe(output.split(" ")[0]);
  });
});

describeOnLinux("a process", () => {
  /** Starts a program that waits, under a name, in a folder and with a title. @returns its pid */
  async function start(name: string, folder = cluster, title?: string): Promise<number> {
    const program = path.join(folder, name);
    await copyFile("/bin/sleep", program);
    const child = spawn(program, ["60"], { cwd: folder, stdio: "ignore", ...(title && { argv0: title }) });
    started.push(child);
    await once(child, "spawn");
    return child.pid ?? 0;
  }

  /** Writes what a server notes of itself in its cluster's folder. */
  const note = (lines: (string | number)[], folder = cluster) =>
    writeFile(path.join(folder, "postmaster.pid"), `${lines.join("\n")}\n`);
  const notes = (pid: number | string, port: number | string = 5432, state = "ready   ") =>
    note([pid, cluster, 1, port, "", "127.0.0.1", "1 1", state]);

  it("is PostgreSQL by its name, while it is alive", async () => {
    const pid = await start("postgres");
    expect(await isPostgres(pid)).toBe(true);
    expect(await isPostgres(await start("sleeper"))).toBe(false);
    const [child] = started;
    child?.kill("SIGKILL");
    if (child) await once(child, "exit");
    expect(await isPostgres(pid)).toBe(false);
  });

  it("is PostgreSQL no more once it is dead, also where nobody has taken note of that", async () => {
    const program = path.join(root, "postgres");
    await copyFile("/bin/cat", program);
    // Its parent becomes a program that never asks what became of it.
    const parent = spawn("/bin/sh", ["-c", `"${program}" <&3 & echo $!; exec sleep 60 3<&-`], {
      stdio: ["ignore", "pipe", "ignore", "pipe"],
    });
    started.push(parent);
    const [out, input] = [parent.stdout, parent.stdio[3]];
    const pid = Number(String(out && (await once(out, "data"))[0]));
    const stat = (of?: number) => readFile(`/proc/${of}/stat`, "utf8");
    // Each begins as a shell.
    await expect.poll(() => stat(parent.pid)).toContain("(sleep)");
    await expect.poll(() => isPostgres(pid)).toBe(true);
    if (input && "end" in input) input.end();
    await expect.poll(() => stat(pid)).toContain("(postgres) Z ");
    expect(await isPostgres(pid)).toBe(false);
  });

  it("is the server of the folder that it works in, and of no other", async () => {
    const pid = await start("postgres");
    await notes(pid);
    expect(await readPostmaster(cluster)).toEqual({ pid, port: 5432, isReady: true });
    const other = path.join(root, "other");
    await mkdir(other);
    await notes(await start("postgres", other));
    expect(await readPostmaster(cluster)).toBeNull();
  });

  it("is not the server that is one of a server's own processes, which work in its folder too", async () => {
    await notes(await start("postgres", cluster, "postgres: checkpointer"));
    expect(await readPostmaster(cluster)).toBeNull();
  });

  it("is the server of its folder also after that was moved, as long as there is none in its place", async () => {
    const pid = await start("postgres");
    await notes(pid);
    const moved = path.join(root, "moved");
    await rename(cluster, moved);
    expect(await readPostmaster(moved)).toMatchObject({ pid });
  });

  it.each([
    [5432, "ready   ", true],
    [5432, "starting", false],
    [5432, "standby ", false],
    [0, "ready   ", false],
    ["", "ready   ", false],
  ])("that notes port %j and %j is ready: %j", async (port, state, isReady) => {
    const pid = await start("postgres");
    await notes(pid, port, state);
    expect(await readPostmaster(cluster)).toMatchObject({ pid, isReady });
  });

  it.each(["", "x", "0", "-1", "1", "1.5", "2147483647"])("of number %j is none", async (pid) => {
    await notes(pid);
    expect(await readPostmaster(cluster)).toBeNull();
  });

  it("is none where nothing is noted", async () => {
    expect(await readPostmaster(cluster)).toBeNull();
    expect(await readPostmaster(path.join(root, "nowhere"))).toBeNull();
  });
});

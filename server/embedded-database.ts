import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "@/lib/core/errors";
import { type Cluster, clusterUrl, SUPERUSER, startCluster, stopCluster } from "./cluster";
import { clientFor } from "./connect-to";
import {
  type DataFolder,
  type DataFolderSecrets,
  dataFolder,
  prepareDataFolder,
  readOrGenerateSecrets,
  readSecrets,
} from "./data-folder";
import { isInitialised, openCluster } from "./open-cluster";
import { readPostmaster } from "./postgres-process";
import { finishSecretKeyReplacement } from "./secret-key";
import { acquireServerLock, type HeldLock, LockRefused, requireNoServer } from "./server-lock";
import { StartupError } from "./startup-error";

const ROLE = "gatehouse";
const MAX_TRIES = 100;
const RETRY_MS = 100;
/** Pause between attempts to restart a database that does not start; the server answers meanwhile that it is away. */
const RESTART_MS = 2_000;

/** A running embedded database that this process alone serves. */
export type EmbeddedDatabase = Readonly<{
  url: string;
  /** Base64. */
  secretKey: string;
  /** Stops PostgreSQL, and so ends every connection. */
  stop: () => Promise<void>;
}>;

/** Creates the product's role and database. The role owns the database and is no superuser. */
async function makeDatabase(port: number, secrets: DataFolderSecrets): Promise<void> {
  const client = clientFor(clusterUrl(port, SUPERUSER, secrets.superuserPassword, "postgres"), {});
  client.on("error", () => undefined);
  await client.connect();
  try {
    const password = client.escapeLiteral(secrets.databasePassword);
    for (const sql of [
      `CREATE ROLE ${ROLE} LOGIN PASSWORD ${password}`,
      // Keeps the details of an error out of the log, too. Not for the whole server: they explain why it does not start.
      `ALTER ROLE ${ROLE} SET log_error_verbosity = 'terse'`,
      `CREATE DATABASE ${ROLE} OWNER ${ROLE}`,
    ]) {
      await client.query(sql).catch((error) => {
        // It exists already: an earlier start was interrupted, or another one is running at the same time.
        if (!["42710", "42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
      });
    }
  } finally {
    await client.end();
  }
}

async function lockOrMakeDatabase(
  folder: DataFolder,
  port: number,
  secrets: DataFolderSecrets,
): Promise<HeldLock> {
  const url = clusterUrl(port, ROLE, secrets.databasePassword, ROLE);
  try {
    return await acquireServerLock(url, folder.root);
  } catch (error) {
    // 28P01: no such role (PostgreSQL does not tell it from a wrong password); 3D000: no such database.
    if (codeOf(error) !== "28P01" && codeOf(error) !== "3D000") throw error;
  }
  try {
    await makeDatabase(port, secrets);
    return await acquireServerLock(url, folder.root);
  } catch (error) {
    if (codeOf(error) !== "28P01") throw error;
    throw new StartupError(
      `${folder.secrets} does not belong to the database in ${folder.cluster}. Restore both from the same backup. Nothing was changed.`,
    );
  }
}

/** Where PostgreSQL listens, and the lock that this process has on it. */
type Running = Readonly<{ port: number; lock: HeldLock }>;

/** Starts PostgreSQL and takes the lock; waits while the previous server is still shutting down. */
async function startAndLock(
  cluster: Cluster,
  secrets: DataFolderSecrets,
  fixedPort?: number,
): Promise<Running> {
  for (let tries = 1; ; tries += 1) {
    const port = await startCluster(cluster, fixedPort === undefined ? {} : { port: fixedPort });
    try {
      return { port, lock: await lockOrMakeDatabase(cluster.folder, port, secrets) };
    } catch (error) {
      const isPassing = /^(?:57P0\d|ECONN\w+|08\w+|53300)$/.test(codeOf(error) ?? "");
      const isCutOff = error instanceof Error && /Connection terminated/.test(error.message);
      // After our connection broke, PostgreSQL may still see it holding the lock.
      const isOurs = fixedPort !== undefined && error instanceof LockRefused && error.holder === process.pid;
      if (!(isPassing || isCutOff || isOurs) || tries >= MAX_TRIES) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function loadSecrets(folder: DataFolder, given?: string): Promise<DataFolderSecrets> {
  const secrets = (await isInitialised(folder))
    ? await readSecrets(folder)
    : await readOrGenerateSecrets(folder, given);
  if (secrets === null) {
    throw new StartupError(
      `${folder.secrets} is missing. Restore it from a backup: without it, the database cannot be opened. Nothing was changed.`,
    );
  }
  if (given !== undefined && given !== secrets.secretKey && given !== secrets.nextSecretKey) {
    throw new StartupError(
      `SECRET_KEY is not the key that ${folder.root} was created with, so its secrets cannot be decrypted. ` +
        "Unset it (the data folder keeps its own), or set DATA_DIR to another folder. Nothing was changed.",
    );
  }
  return secrets;
}

/** Who is told of an embedded database while it runs. */
type Listeners = Readonly<{
  /** Called when the database was lost, does not start, or is back. */
  onTrouble: (event: string, error: unknown) => void;
  /** Called when another server has taken the folder. */
  onLost: (error: unknown) => void;
}>;

/**
 * Restarts PostgreSQL on the same port whenever it dies, and takes the lock again.
 *
 * @returns a function that stops it
 */
function keepRunning(
  cluster: Cluster,
  secrets: DataFolderSecrets,
  { port, lock: first }: Running,
  { onTrouble, onLost }: Listeners,
): () => Promise<void> {
  let lock = first;
  let isStopping = false;
  let isLost = false;
  /** Restarts PostgreSQL, again and again: the obstacle, such as a full disk, may pass. Reports each reason once. */
  async function regain(): Promise<void> {
    for (const reported = new Set<string>(); !isStopping; await sleep(RESTART_MS)) {
      try {
        const regained = await startAndLock(cluster, secrets, port);
        lock = regained.lock;
        if (regained.port === port) return;
        // Another server, gone by now, started it on another port; our connection pools know this port only.
        await stopCluster(cluster);
      } catch (error) {
        if (error instanceof LockRefused) throw error;
        // PostgreSQL's messages have the time and process ids in them, which are others in each attempt.
        const reason = String(error).replace(/\d+/g, "");
        if (!reported.has(reason) && !isStopping) onTrouble("database-does-not-start", error);
        reported.add(reason);
      }
    }
  }
  async function keep(): Promise<void> {
    for (;;) {
      const reason = await lock.lost;
      if (isStopping) return;
      onTrouble("database-lost", reason);
      await regain();
      if (isStopping) return;
      onTrouble("database-back", null);
    }
  }
  const kept = keep().catch((error) => {
    isLost = true;
    if (!isStopping) onLost(error);
  });
  return async () => {
    isStopping = true;
    // Comes before the lock is released, so that no other server takes over a PostgreSQL that is shutting down.
    if (!isLost) await stopCluster(cluster);
    await lock.release();
    await kept;
    // `regain` may have been restarting it at that moment.
    if (!isLost) await stopCluster(cluster);
  };
}

/**
 * Starts PostgreSQL in the data folder and locks the folder for this process. If PostgreSQL dies, restarts it on the
 * same port.
 *
 * @param options `secretKey`: the operator's own, if any
 * @throws StartupError when another server has the folder, or it cannot be used
 */
export async function startEmbeddedDatabase(
  dataDir: string,
  options: Listeners & Readonly<{ secretKey?: Buffer }>,
): Promise<EmbeddedDatabase> {
  const folder = dataFolder(dataDir);
  const { isNew } = await prepareDataFolder(folder);
  const secrets = await loadSecrets(folder, options.secretKey?.toString("base64"));
  const { superuserPassword } = secrets;
  const cluster = await openCluster(folder, { superuserPassword, isNewFolder: isNew });
  const wasRunning = (await readPostmaster(folder.cluster)) !== null;
  const running = await startAndLock(cluster, secrets).catch(async (error) => {
    // A PostgreSQL that ran before, or that another start has locked meanwhile, is not ours to stop.
    if (!wasRunning && !(error instanceof LockRefused)) await stopCluster(cluster);
    throw error;
  });

  const stop = keepRunning(cluster, secrets, running, options);
  const url = clusterUrl(running.port, ROLE, secrets.databasePassword, ROLE);
  try {
    const { secretKey } = await finishSecretKeyReplacement(folder, secrets, url);
    return { url, secretKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Returns how to reach the embedded database of a running server, for the commands that run beside it.
 *
 * @returns null if no database runs on that data folder
 */
export async function findEmbeddedDatabase(
  dataDir: string,
): Promise<{ url: string; secretKey: string } | null> {
  const folder = dataFolder(dataDir);
  const [running, secrets] = [await readPostmaster(folder.cluster), await readSecrets(folder)];
  if (!running?.isReady || secrets === null) return null;
  return {
    url: clusterUrl(running.port, ROLE, secrets.databasePassword, ROLE),
    secretKey: secrets.secretKey,
  };
}

/**
 * Refuses a data folder that a server serves now; does not touch it.
 * @throws StartupError
 */
export async function requireUnservedFolder(dataDir: string): Promise<void> {
  const running = await findEmbeddedDatabase(dataDir);
  if (running !== null) await requireNoServer(running.url, dataFolder(dataDir).root);
}

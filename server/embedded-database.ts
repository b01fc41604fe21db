import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import {
  type Cluster,
  clusterUrl,
  isInitialised,
  openCluster,
  SUPERUSER,
  startCluster,
  stopCluster,
} from "./cluster";
import {
  type DataFolder,
  type DataFolderSecrets,
  dataFolder,
  prepareDataFolder,
  readOrDrawSecrets,
  readSecrets,
} from "./data-folder";
import { readPostmaster } from "./postgres-process";
import { settleSecretKey } from "./secret-key";
import { holdServerLock, LockRefused, type ServerLock } from "./server-lock";
import { StartupError } from "./startup-error";

const ROLE = "gatehouse";
const TRIES = 100;
const TRY_AGAIN_MS = 100;
/** How long to leave a database alone that could not be started, while the server answers that it is away. */
const RESTART_MS = 2_000;

/** A running embedded database that this process alone serves. */
export type EmbeddedDatabase = Readonly<{
  url: string;
  /** Base64. */
  secretKey: string;
  /** Ends PostgreSQL, and with it every connection. */
  stop: () => Promise<void>;
}>;

const codeOf = (error: unknown) => (error as { code?: unknown }).code;

/** The product's role and database: the role owns the one and is no superuser. */
async function makeDatabase(port: number, secrets: DataFolderSecrets): Promise<void> {
  const connectionString = clusterUrl(port, SUPERUSER, secrets.superuserPassword, "postgres");
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const password = client.escapeLiteral(secrets.databasePassword);
    for (const sql of [
      `CREATE ROLE ${ROLE} LOGIN PASSWORD ${password}`,
      `CREATE DATABASE ${ROLE} OWNER ${ROLE}`,
    ]) {
      await client.query(sql).catch((error) => {
        // It is there: from a start that was cut off, or from one that runs beside this.
        if (!["42710", "42P04", "23505"].includes(String(codeOf(error)))) throw error;
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
): Promise<ServerLock> {
  const url = clusterUrl(port, ROLE, secrets.databasePassword, ROLE);
  try {
    return await holdServerLock(url, folder.root);
  } catch (error) {
    // 28P01: no such role (PostgreSQL does not tell it from a wrong password); 3D000: no such database.
    if (codeOf(error) !== "28P01" && codeOf(error) !== "3D000") throw error;
  }
  try {
    await makeDatabase(port, secrets);
    return await holdServerLock(url, folder.root);
  } catch (error) {
    if (codeOf(error) !== "28P01") throw error;
    throw new StartupError(
      `${folder.secrets} does not belong to the database in ${folder.cluster}. Put both back from the same backup. Nothing was changed.`,
    );
  }
}

/** Takes the lock; while the server before this one is still going down, waits for it. */
async function startAndLock(
  cluster: Cluster,
  secrets: DataFolderSecrets,
  fixedPort?: number,
): Promise<{ port: number; lock: ServerLock }> {
  for (let tries = 1; ; tries += 1) {
    const port = await startCluster(cluster, fixedPort === undefined ? {} : { port: fixedPort });
    try {
      return { port, lock: await lockOrMakeDatabase(cluster.folder, port, secrets) };
    } catch (error) {
      const isPassing = /^(?:57P0\d|ECONN\w+|08\w+|53300)$/.test(String(codeOf(error)));
      const isCutOff = error instanceof Error && /Connection terminated/.test(error.message);
      // After a broken connection, our own last one may still be seen holding the lock.
      const isOurs = fixedPort !== undefined && error instanceof LockRefused && error.holder === process.pid;
      if (!(isPassing || isCutOff || isOurs) || tries >= TRIES) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

async function settleSecrets(folder: DataFolder, given?: string): Promise<DataFolderSecrets> {
  const secrets = (await isInitialised(folder))
    ? await readSecrets(folder)
    : await readOrDrawSecrets(folder, given);
  if (secrets === null) {
    throw new StartupError(
      `${folder.secrets} is missing. Put it back from a backup: without it the database cannot be opened. Nothing was changed.`,
    );
  }
  if (given !== undefined && given !== secrets.secretKey && given !== secrets.nextSecretKey) {
    throw new StartupError(
      `SECRET_KEY is not the one that ${folder.root} was made with, so its secrets could not be opened. ` +
        "Unset it (the data folder keeps its own), or set DATA_DIR to another folder. Nothing was changed.",
    );
  }
  return secrets;
}

/**
 * Starts PostgreSQL in the data folder and holds the folder for this process. Should PostgreSQL die, it is started
 * again on the same port.
 *
 * @param options the operator's own SECRET_KEY, if any; what to do when the database was away, and when the folder
 *   is lost to another server
 * @throws StartupError when another server has the folder, or it cannot be used
 */
export async function startEmbeddedDatabase(
  dataDir: string,
  options: Readonly<{
    secretKey?: Buffer;
    onTrouble: (event: string, error: unknown) => void;
    onLost: (error: unknown) => void;
  }>,
): Promise<EmbeddedDatabase> {
  const folder = dataFolder(dataDir);
  const { isNew } = await prepareDataFolder(folder);
  const secrets = await settleSecrets(folder, options.secretKey?.toString("base64"));
  const { superuserPassword } = secrets;
  const cluster = await openCluster(folder, { superuserPassword, isNewFolder: isNew });
  const wasRunning = (await readPostmaster(folder.cluster)) !== null;
  const { port, lock: first } = await startAndLock(cluster, secrets).catch(async (error) => {
    // What ran before, or what another start has locked meanwhile, is another's to stop.
    if (!wasRunning && !(error instanceof LockRefused)) await stopCluster(cluster);
    throw error;
  });

  let lock = first;
  let isStopping = false;
  let isLost = false;
  /** What keeps it from starting, a full disk say, may pass; said once for each reason. */
  async function regain(): Promise<void> {
    for (let said = ""; !isStopping; await sleep(RESTART_MS)) {
      try {
        const regained = await startAndLock(cluster, secrets, port);
        lock = regained.lock;
        if (regained.port === port) return;
        // Another server had started it elsewhere, and is gone: what was told our port would never find it.
        await stopCluster(cluster);
      } catch (error) {
        if (error instanceof LockRefused) throw error;
        if (String(error) !== said && !isStopping) options.onTrouble("database-does-not-start", error);
        said = String(error);
      }
    }
  }
  async function keep(): Promise<void> {
    for (;;) {
      const reason = await lock.lost;
      if (isStopping) return;
      options.onTrouble("database-lost", reason);
      await regain();
      if (isStopping) return;
      options.onTrouble("database-back", null);
    }
  }
  const kept = keep().catch((error) => {
    isLost = true;
    if (!isStopping) options.onLost(error);
  });
  async function stop(): Promise<void> {
    isStopping = true;
    // The lock goes with the connection, so that nobody takes over a PostgreSQL that is going down.
    if (!isLost) await stopCluster(cluster);
    await lock.release();
    await kept;
    // It may have been starting again just then.
    if (!isLost) await stopCluster(cluster);
  }

  const url = clusterUrl(port, ROLE, secrets.databasePassword, ROLE);
  try {
    const { secretKey } = await settleSecretKey(folder, secrets, url);
    return { url, secretKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * How to reach the embedded database of a running server, for the commands that work beside it.
 *
 * @returns null when none runs on that data folder
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

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { clusterUrl, SUPERUSER, startCluster, stopCluster } from "./cluster";
import { dataFolder, prepareDataFolder } from "./data-folder";
import { openCluster } from "./open-cluster";
import { readPostmaster } from "./postgres-process";

/** A PostgreSQL in a temporary folder, for tests and for writing migrations; its data may be lost. */
export type ThrowawayDatabase = Readonly<{
  /** As superuser, on an empty database. */
  url: string;
  /** The same for another database, which must be created first. */
  urlOf: (database: string) => string;
  stop: () => Promise<void>;
}>;

const NON_DURABLE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

// A killed test run cannot stop its PostgreSQL: this script waits for the run to end, then cleans up after it.
const WATCH = `
while kill -0 "$1" 2>/dev/null && test -d "$2"; do sleep 1; done
if test -d "$2"; then kill -QUIT "$3" 2>/dev/null; sleep 1; rm -rf "$2"; fi`;

function watch(root: string, postmaster: number): void {
  const args = ["-c", WATCH, "sh", String(process.pid), root, String(postmaster)];
  spawn("/bin/sh", args, { detached: true, stdio: "ignore", cwd: "/" }).unref();
}

/** Starts an empty PostgreSQL in about a second; it ends with this process at the latest. */
export async function startThrowawayDatabase(): Promise<ThrowawayDatabase> {
  const root = await mkdtemp(path.join(tmpdir(), "gatehouse-database-"));
  const removeRoot = () => rm(root, { recursive: true, force: true });
  try {
    const folder = dataFolder(root);
    const superuserPassword = randomBytes(12).toString("hex");
    const { isNew } = await prepareDataFolder(folder);
    const cluster = await openCluster(folder, { superuserPassword, isNewFolder: isNew, isDurable: false });
    const port = await startCluster(cluster, { settings: NON_DURABLE });
    const running = await readPostmaster(folder.cluster);
    if (running !== null) watch(root, running.pid);
    const urlOf = (database: string) => clusterUrl(port, SUPERUSER, superuserPassword, database);
    return {
      url: urlOf("postgres"),
      urlOf,
      async stop() {
        await stopCluster(cluster);
        await removeRoot();
      },
    };
  } catch (error) {
    await removeRoot();
    throw error;
  }
}

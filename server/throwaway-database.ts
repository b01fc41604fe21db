import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openCluster, SUPERUSER, startCluster, stopCluster } from "./cluster";
import { dataFolder, prepareDataFolder } from "./data-folder";

/** A PostgreSQL in a temporary folder, for tests and for writing migrations; its data may be lost. */
export type ThrowawayDatabase = Readonly<{
  /** As superuser, on an empty database. */
  url: string;
  /** The same with another database's name; the database must be made first. */
  urlOf: (database: string) => string;
  stop: () => Promise<void>;
}>;

const RECKLESS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts an empty PostgreSQL in about a second. */
export async function startThrowawayDatabase(): Promise<ThrowawayDatabase> {
  const root = await mkdtemp(path.join(tmpdir(), "gatehouse-database-"));
  const folder = dataFolder(root);
  const superuserPassword = randomBytes(12).toString("hex");
  const { isNew } = await prepareDataFolder(folder);
  const cluster = await openCluster(folder, { superuserPassword, isNewFolder: isNew, isDurable: false });
  const port = await startCluster(cluster, { settings: RECKLESS });
  const urlOf = (database: string) =>
    `postgresql://${SUPERUSER}:${superuserPassword}@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf("postgres"),
    urlOf,
    async stop() {
      await stopCluster(cluster);
      await rm(root, { recursive: true, force: true });
    },
  };
}

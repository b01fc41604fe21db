import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Cluster, callProgram, databaseFailure, SUPERUSER } from "./cluster";
import { type DataFolder, requirePlainPath } from "./data-folder";
import { findDatabaseUser } from "./database-user";
import { binariesFolder } from "./postgres-process";
import { dataFolderError, StartupError } from "./startup-error";

const STAGING = ".initdb-";

/** Opens the cluster of a data folder, and creates it if there is none; the folder must exist. */
export async function openCluster(
  folder: DataFolder,
  options: Readonly<{ superuserPassword: string; isNewFolder: boolean; isDurable?: boolean }>,
): Promise<Cluster> {
  const binaries = binariesFolder();
  requirePlainPath(binaries, "Move Gatehouse's folder, or set DATABASE_URL and SECRET_KEY to use your own.");
  const target = { binary: path.join(binaries, "postgres"), root: folder.root, cluster: folder.cluster };
  const user = await findDatabaseUser(target, async ({ uid, gid }) => {
    if (options.isNewFolder) await chown(folder.root, uid, gid);
  });
  const cluster = { folder, binaries, user };
  if (!(await isInitialised(folder))) await initialise(cluster, options);
  return cluster;
}

/** Whether the data folder has a cluster. @throws StartupError when something else is in its place */
export async function isInitialised({ cluster }: DataFolder): Promise<boolean> {
  const entries = await readdir(cluster).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw dataFolderError(error, cluster);
  });
  if (entries.length === 0) return false;
  if (entries.includes("PG_VERSION")) return true;
  throw new StartupError(
    `${cluster} is not empty, but contains no PostgreSQL database. Restore it from a backup, or move it away. Nothing was changed.`,
  );
}

/** Creates the cluster in a staging folder, then renames it: it is complete or absent, even when two starts race. */
async function initialise(
  cluster: Cluster,
  { superuserPassword, isDurable = true }: Readonly<{ superuserPassword: string; isDurable?: boolean }>,
): Promise<void> {
  const { folder, user } = cluster;
  await removeStaleStagingFolders(folder);
  const staging = path.join(folder.root, `${STAGING}${process.pid}-${randomBytes(4).toString("hex")}`);
  const data = path.join(staging, "data");
  const passwordFile = path.join(staging, "password");
  try {
    await mkdir(staging, { mode: 0o700 });
    await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
    await Promise.all([staging, passwordFile].map((file) => chown(file, user.uid, user.gid)));
    const { code, output } = await callProgram(cluster, "initdb", [
      `--pgdata=${data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(isDurable ? [] : ["--no-sync"]),
    ]);
    if (code !== 0) throw databaseFailure("The database could not be created", output);
    await rename(data, folder.cluster).catch((error: NodeJS.ErrnoException) => {
      // Another start on this folder was faster; its cluster has the same passwords.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    throw dataFolderError(error, folder.root);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function removeStaleStagingFolders({ root }: DataFolder): Promise<void> {
  for (const name of await readdir(root)) {
    const pid = name.startsWith(STAGING) ? Number.parseInt(name.slice(STAGING.length), 10) : Number.NaN;
    if (Number.isNaN(pid)) continue;
    try {
      process.kill(pid, 0);
    } catch {
      await rm(path.join(root, name), { recursive: true, force: true });
    }
  }
}

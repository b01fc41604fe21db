import { randomBytes } from "node:crypto";
import { chmod, chown, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { codeOf } from "@/lib/core/errors";
import { dataFolderError, StartupError } from "./startup-error";

/** The paths within one data folder. */
export type DataFolder = Readonly<{ root: string; cluster: string; log: string; secrets: string }>;

/** Returns a data folder's layout as absolute paths; does not touch the disk. */
export function dataFolder(dataDir: string): DataFolder {
  const root = path.resolve(dataDir);
  return {
    root,
    cluster: path.join(root, "postgres"),
    log: path.join(root, "postgres", "server.log"),
    secrets: path.join(root, "secrets.json"),
  };
}

/**
 * Creates a folder and its parents. Node's recursive `mkdir` never returns on a file system that cannot create folders,
 * such as /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    const parent = path.dirname(folder);
    if (code === "EEXIST" && (await isFolder(folder))) return;
    if (code !== "ENOENT" || parent === folder || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

/**
 * Refuses a path with a character that stands for something else in the double quotes of a shell: PostgreSQL's pg_ctl
 * starts the database with one. A line break would not fit in PostgreSQL's `postmaster.pid`.
 * @throws StartupError
 */
export function requirePlainPath(folder: string, advice: string): void {
  const [found] = /["$`\\\n]/.exec(folder) ?? [];
  if (found === undefined) return;
  const name = found === "\n" ? "a line break" : `the character ${found}`;
  throw new StartupError(
    `PostgreSQL cannot be started with ${folder}, because of ${name} in that path. ${advice} Nothing was changed.`,
  );
}

const isFolder = (folder: string) =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Gives a folder the mode 0700, if it is ours: that of a volume in a container may be another user's. */
async function closeToOthers(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch((error) => {
    if (codeOf(error) !== "EPERM") throw error;
  });
}

/**
 * Creates the data folder if it is missing, closed to other users.
 *
 * @returns whether it is new or empty, and so may be given to another user
 * @throws StartupError when it cannot be written
 */
export async function prepareDataFolder(folder: DataFolder): Promise<{ isNew: boolean }> {
  requirePlainPath(folder.root, "Set DATA_DIR to another folder.");
  try {
    await makeFolder(folder.root);
    const isNew = (await readdir(folder.root)).length === 0;
    // A folder that holds other files keeps its mode; what we create in it is closed by its own.
    if (isNew) await closeToOthers(folder.root);
    return { isNew };
  } catch (error) {
    throw dataFolderError(error, folder.root);
  }
}

const secretsSchema = z.object({
  /** Base64 of 32 bytes or more; seals the secrets in the database. */
  secretKey: z.string().min(43),
  /** The new key while `secretKey` is being replaced. Only the database shows which of the two it is sealed with. */
  nextSecretKey: z.string().min(43).optional(),
  /** For the role `gatehouse`, which owns the product's database. */
  databasePassword: z.string().min(20),
  /** For PostgreSQL's superuser: used by the first start, and for rescue. */
  superuserPassword: z.string().min(20),
});

/** The secrets that the first start generated. They must never be lost: without them the database cannot be read. */
export type DataFolderSecrets = Readonly<z.infer<typeof secretsSchema>>;

/**
 * Reads the data folder's secrets.
 *
 * @returns null if there is no such file
 * @throws StartupError when it cannot be read or is damaged
 */
export async function readSecrets(folder: DataFolder): Promise<DataFolderSecrets | null> {
  const text = await readFile(folder.secrets, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new StartupError(`${folder.secrets} cannot be read (${error.code}).`, { cause: error });
  });
  if (text === null) return null;
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    throw new StartupError(
      `${folder.secrets} is damaged. Restore it from a backup: without it, the database cannot be opened. Nothing was changed.`,
    );
  }
}

/**
 * Reads the data folder's secrets, or generates them; concurrent callers all get the same ones.
 *
 * @param secretKey the operator's own key instead of a generated one, Base64
 * @throws StartupError
 */
export async function readOrGenerateSecrets(
  folder: DataFolder,
  secretKey?: string,
): Promise<DataFolderSecrets> {
  const present = await readSecrets(folder);
  if (present !== null) return present;
  const secrets: DataFolderSecrets = {
    secretKey: secretKey ?? randomBytes(32).toString("base64"),
    databasePassword: randomBytes(24).toString("base64url"),
    superuserPassword: randomBytes(24).toString("base64url"),
  };
  const draft = draftOf(folder);
  try {
    await writeDraft(draft, secrets);
    // A link, not a rename, because a link fails when another start was faster.
    await link(draft, folder.secrets).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    throw dataFolderError(error, folder.root);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readSecrets(folder)) ?? secrets;
}

/**
 * Replaces the secrets atomically: after a crash the file has either the old or the new ones, complete. The file keeps
 * its owner, because a rescue command may run as root, and the server as a user of its own.
 * @throws StartupError
 */
export async function replaceSecrets(folder: DataFolder, secrets: DataFolderSecrets): Promise<void> {
  const draft = draftOf(folder);
  try {
    await writeDraft(draft, secrets);
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(folder.secrets);
      await chown(draft, uid, gid);
    }
    await rename(draft, folder.secrets);
    const root = await open(folder.root);
    await root.sync();
    await root.close();
  } catch (error) {
    throw dataFolderError(error, folder.root);
  } finally {
    await rm(draft, { force: true });
  }
}

const draftOf = ({ secrets }: DataFolder) => `${secrets}.${process.pid}.${randomBytes(4).toString("hex")}`;

async function writeDraft(draft: string, secrets: DataFolderSecrets): Promise<void> {
  const file = await open(draft, "wx", 0o600);
  await file.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
  await file.sync();
  await file.close();
}

import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { dataFolderError, StartupError } from "./startup-error";

/** Where everything of one data folder lies. */
export type DataFolder = Readonly<{ root: string; cluster: string; log: string; secrets: string }>;

/** The layout of a data folder, as absolute paths; nothing is touched. */
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
 * Makes a folder with its parents. Node's own way never comes back where a file system knows of no new folders, such as
 * /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(folder);
    if (code === "EEXIST" && (await isFolder(folder))) return;
    if (code !== "ENOENT" || parent === folder || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

const isFolder = (folder: string) =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes the data folder where it is missing, closed to everybody else.
 *
 * @returns whether it is new or empty, so that it may be given to another user
 * @throws StartupError where it cannot be written
 */
export async function prepareDataFolder(folder: DataFolder): Promise<{ isNew: boolean }> {
  try {
    await makeFolder(folder.root);
    const isNew = (await readdir(folder.root)).length === 0;
    // A folder that holds other things too keeps its mode; ours in it are closed by themselves.
    if (isNew) await chmod(folder.root, 0o700);
    return { isNew };
  } catch (error) {
    throw dataFolderError(error, folder.root);
  }
}

const secretsSchema = z.object({
  /** Base64 of 32 bytes: seals what the database holds. */
  secretKey: z.string().min(43),
  /** While `secretKey` is being replaced: by what. The database alone knows which of the two it is sealed with. */
  nextSecretKey: z.string().min(43).optional(),
  /** Of the role `gatehouse`, which owns the product's database. */
  databasePassword: z.string().min(20),
  /** Of PostgreSQL's superuser, for the first start and for rescue. */
  superuserPassword: z.string().min(20),
});

/** What was drawn at the first start and must never be lost: without it the database cannot be read. */
export type DataFolderSecrets = Readonly<z.infer<typeof secretsSchema>>;

/**
 * Reads the data folder's secrets.
 *
 * @returns null where there is no such file
 * @throws StartupError where it cannot be read or is damaged
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
      `${folder.secrets} is damaged. Put it back from a backup: without it the database cannot be opened. Nothing was changed.`,
    );
  }
}

/**
 * Reads the data folder's secrets, or draws them; of several that do so at once, all get the same ones.
 *
 * @param secretKey the operator's own key in place of a drawn one, Base64
 * @throws StartupError
 */
export async function readOrDrawSecrets(folder: DataFolder, secretKey?: string): Promise<DataFolderSecrets> {
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
    // A link, and not a rename, because it fails where another start was faster.
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
 * Puts other secrets in the place of those that are there: after a crash there are the ones or the others, whole.
 * @throws StartupError
 */
export async function replaceSecrets(folder: DataFolder, secrets: DataFolderSecrets): Promise<void> {
  const draft = draftOf(folder);
  try {
    await writeDraft(draft, secrets);
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

import { randomBytes } from "node:crypto";
import { operator } from "@/lib/core/actor";
import { counted } from "@/lib/core/count/rules";
import { closeDatabase } from "@/lib/core/db";
import type { GivenEnv } from "@/lib/core/env";
import { type RotateSecretKeyResult, rotateSecretKey } from "@/lib/rescue/service/rotate-secret-key";
import { dataFolder, readSecrets, replaceSecrets } from "./data-folder";
import { startEmbeddedDatabase } from "./embedded-database";
import { migrate } from "./migrations";
import { isInitialised } from "./open-cluster";
import { finishSecretKeyReplacement, opensSigningKey } from "./secret-key";
import { acquireExclusiveSealingLock } from "./server-lock";
import { StartupError } from "./startup-error";

const SAME_KEY = "NEW_SECRET_KEY is the current key. Nothing was changed.";

/**
 * Replaces the key that secrets are sealed with, on a database that no server uses. Returns a message for the operator.
 *
 * @throws StartupError, SealBroken; nothing was changed then
 */
export async function replaceSecretKey(given: GivenEnv): Promise<string> {
  return given.DATABASE_URL === undefined
    ? replaceInDataFolder(given)
    : replaceOnDatabase(given, given.DATABASE_URL);
}

async function replaceOnDatabase(given: GivenEnv, url: string): Promise<string> {
  const { SECRET_KEY: from, NEW_SECRET_KEY: to } = given;
  if (!from || !to) {
    throw new StartupError(
      "Set SECRET_KEY to the current key and NEW_SECRET_KEY to the new one. To make one: openssl rand -base64 32",
    );
  }
  const lock = await acquireExclusiveSealingLock(url);
  try {
    const result = await reseal(url, { from, to }, lock.requireHeld);
    if (!result.ok && result.code === "same-key") throw new StartupError(SAME_KEY);
    return `${summaryOf(result)}\nFrom now on, start every server with SECRET_KEY set to the new key.`;
  } finally {
    await lock.release();
  }
}

async function replaceInDataFolder(given: GivenEnv): Promise<string> {
  const folder = dataFolder(given.DATA_DIR);
  if (!(await isInitialised(folder))) throw new StartupError(`There is no database in ${folder.root}.`);
  const to = given.NEW_SECRET_KEY ?? randomBytes(32);
  // This also keeps servers away: the folder is locked until we stop the database.
  const embedded = await startEmbeddedDatabase(given.DATA_DIR, {
    ...(given.SECRET_KEY && { secretKey: given.SECRET_KEY }),
    onTrouble: () => undefined,
    onLost: () => undefined,
  });
  try {
    const secrets = await readSecrets(folder);
    if (!secrets) throw new StartupError(`${folder.secrets} is missing.`);
    process.env.DATABASE_URL = embedded.url;
    process.env.SECRET_KEY = embedded.secretKey;
    const announced = { ...secrets, nextSecretKey: to.toString("base64") };
    // From here on the folder has both keys, until the database shows which is in force. The next start checks it too.
    await replaceSecrets(folder, announced);
    try {
      const result = await reseal(embedded.url, { from: Buffer.from(embedded.secretKey, "base64"), to });
      return `${summaryOf(result)}\n${folder.secrets} contains the new key. Back it up together with the database.`;
    } finally {
      await finishSecretKeyReplacement(folder, announced, embedded.url);
    }
  } finally {
    await closeDatabase();
    await embedded.stop();
  }
}

async function reseal(
  url: string,
  keys: { from: Buffer; to: Buffer },
  requireAlone?: () => Promise<unknown>,
): Promise<RotateSecretKeyResult> {
  const isOld = await opensSigningKey(url, keys.from);
  if (isOld === null) throw new StartupError("This database was never set up. Start Gatehouse on it first.");
  if (!isOld && !(await opensSigningKey(url, keys.to))) {
    throw new StartupError(
      "SECRET_KEY is not the key that this database is encrypted with. Nothing was changed.",
    );
  }
  await migrate(url);
  return rotateSecretKey(operator, keys, requireAlone);
}

/** What was done. If an earlier run had done it, that is no failure: a script that was interrupted is run again. */
function summaryOf(result: RotateSecretKeyResult): string {
  if (!result.ok) return "Everything is already encrypted with NEW_SECRET_KEY. Nothing was changed.";
  const { signingKeys, mails, passwords } = result;
  const versions = counted(passwords, "version");
  return `Re-encrypted: ${counted(signingKeys, "signing key")}, ${counted(mails, "message")}, the mail server's password in ${versions}.`;
}

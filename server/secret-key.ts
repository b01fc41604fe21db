import { codeOf } from "@/lib/core/errors";
import { canUnseal } from "@/lib/core/secrets";
import { sealedFor } from "@/lib/tokens/rules";
import { clientFor } from "./connect-to";
import { type DataFolder, type DataFolderSecrets, replaceSecrets } from "./data-folder";

/**
 * Whether a SECRET_KEY is the one that a database is sealed with: whether it opens the current signing key. Null if
 * there is none yet. Uses its own connection, because the Prisma client is opened only when the key is known.
 */
export async function opensSigningKey(url: string, secretKey: Buffer): Promise<boolean | null> {
  const client = clientFor(url, { query_timeout: 10_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT kid, sealed_key AS sealed FROM signing_keys WHERE verify_until IS NULL",
    );
    const [current] = rows;
    return current ? canUnseal(secretKey, current.sealed, sealedFor(current.kid)) : null;
  } catch (error) {
    if (codeOf(error) === "42P01") return null; // no such table
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * Finishes a replacement of SECRET_KEY that was noted in the data folder, however far it came: keeps the one of the two
 * keys that the database is sealed with.
 */
export async function finishSecretKeyReplacement(
  folder: DataFolder,
  secrets: DataFolderSecrets,
  url: string,
): Promise<DataFolderSecrets> {
  const { nextSecretKey, ...settled } = secrets;
  if (nextSecretKey === undefined) return secrets;
  const isReplaced = await opensSigningKey(url, Buffer.from(nextSecretKey, "base64"));
  if (isReplaced) settled.secretKey = nextSecretKey;
  await replaceSecrets(folder, settled);
  return settled;
}

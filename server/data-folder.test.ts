import { chown, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DataFolder, dataFolder, readOrGenerateSecrets, replaceSecrets } from "./data-folder";

/** Any user other than root; it need not exist. */
const SERVICE = { uid: 4711, gid: 4712 };

describe("the secrets in a data folder", () => {
  let folder: DataFolder;
  beforeEach(async () => {
    folder = dataFolder(await mkdtemp(path.join(tmpdir(), "gatehouse-data-folder-")));
  });
  afterEach(() => rm(folder.root, { recursive: true }));

  it("stay readable for their owner alone when they are replaced, also by root", async () => {
    const secrets = await readOrGenerateSecrets(folder);
    // Only root can give a file to another user.
    if (process.getuid?.() === 0) await chown(folder.secrets, SERVICE.uid, SERVICE.gid);
    const { uid, gid } = await stat(folder.secrets);
    await replaceSecrets(folder, { ...secrets, secretKey: secrets.secretKey.toLowerCase() });
    const replaced = await stat(folder.secrets);
    expect([replaced.uid, replaced.gid, replaced.mode & 0o777]).toEqual([uid, gid, 0o600]);
    expect(JSON.parse(await readFile(folder.secrets, "utf8")).secretKey).toBe(
      secrets.secretKey.toLowerCase(),
    );
  });
});

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

  // Only root can give a file to another user.
  it.runIf(process.getuid?.() === 0)(
    "stay readable for the server's user alone when root replaces them",
    async () => {
      const secrets = await readOrGenerateSecrets(folder);
      await chown(folder.secrets, SERVICE.uid, SERVICE.gid);
      await replaceSecrets(folder, { ...secrets, secretKey: secrets.secretKey.toLowerCase() });
      const { uid, gid, mode } = await stat(folder.secrets);
      expect({ uid, gid, mode: mode & 0o777 }).toEqual({ ...SERVICE, mode: 0o600 });
      expect(JSON.parse(await readFile(folder.secrets, "utf8")).secretKey).toBe(
        secrets.secretKey.toLowerCase(),
      );
    },
  );
});

import { randomBytes } from "node:crypto";
import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type DataFolder,
  dataFolder,
  prepareDataFolder,
  readOrGenerateSecrets,
  readSecrets,
  replaceSecrets,
} from "./data-folder";

vi.mock("node:fs/promises", { spy: true });

/** Any user other than root; it need not exist. */
const SERVICE = { uid: 4711, gid: 4712 };

let folder: DataFolder;
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(path.join(tmpdir(), "gatehouse-data-folder-")));
});
afterEach(() => rm(folder.root, { recursive: true }));

it("a data folder that somebody made for us is closed to other users; one with files of theirs is left as it is", async () => {
  const modeAfter = async (isNew: boolean) => {
    await chmod(folder.root, 0o755);
    expect(await prepareDataFolder(folder)).toEqual({ isNew });
    return (await stat(folder.root)).mode & 0o777;
  };
  expect(await modeAfter(true)).toBe(0o700);
  await writeFile(path.join(folder.root, "theirs"), "");
  expect(await modeAfter(false)).toBe(0o755);
});

it("a data folder may be another user's, as a volume is in Kubernetes, if this user can write there", async () => {
  vi.mocked(chmod).mockRejectedValueOnce(Object.assign(new Error(), { code: "EPERM" }));
  expect(await prepareDataFolder(folder)).toEqual({ isNew: true });
});

describe("the secrets in a data folder", () => {
  it("are the same for all starts that race, with the key of one of them", async () => {
    const keys = Array.from({ length: 8 }, () => randomBytes(32).toString("base64"));
    const all = await Promise.all(keys.map((key) => readOrGenerateSecrets(folder, key)));
    expect(keys).toContain(all[0]?.secretKey);
    expect(all).toEqual(all.map(() => all[0]));
    expect(await readSecrets(folder)).toEqual(all[0]);
    expect(await readdir(folder.root)).toEqual(["secrets.json"]);
  });

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

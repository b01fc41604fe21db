import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { startCluster } from "./cluster";
import { dataFolder } from "./data-folder";

it("says in words that what a dead PostgreSQL left behind cannot be taken away", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "gatehouse-cluster-"));
  try {
    const file = path.join(root, "data");
    await writeFile(file, "");
    const starting = startCluster({
      folder: dataFolder(file),
      binaries: root,
      user: { prefix: [], uid: 0, gid: 0 },
    });
    await expect(starting).rejects.toThrow(`The data folder ${file} cannot be used: a file is in the way.`);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

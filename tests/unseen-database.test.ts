import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startCluster, stopCluster } from "@/server/cluster";
import { dataFolder, prepareDataFolder } from "@/server/data-folder";
import { openCluster } from "@/server/open-cluster";

/** A process id that none has: beyond Linux's largest. */
const NOBODY = 2 ** 22 + 1;

test("a cluster on which a PostgreSQL runs that cannot be seen, as in another container, gets no second one", async () => {
  // Elsewhere there is no `flock`, and no container shares a kernel.
  if (process.platform !== "linux") return;
  const root = await mkdtemp(path.join(tmpdir(), "gatehouse-unseen-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = dataFolder(root);
  const { isNew } = await prepareDataFolder(folder);
  const cluster = await openCluster(folder, {
    superuserPassword: "x".repeat(20),
    isNewFolder: isNew,
    isDurable: false,
  });
  await startCluster(cluster);
  const file = path.join(folder.cluster, "postmaster.pid");
  const seen = await readFile(file, "utf8");
  const unseen = seen.replace(/^\d+/, String(NOBODY));
  await writeFile(file, unseen);
  try {
    await expect(startCluster(cluster)).rejects.toThrow(/still runs .* such as in another container/);
    expect(await readFile(file, "utf8")).toBe(unseen);
  } finally {
    await writeFile(file, seen);
    await stopCluster(cluster);
  }
  await startCluster(cluster);
  await stopCluster(cluster);
});

import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";

let above: string;

beforeEach(async () => {
  // Programs name the real one: on macOS the folder for temporary files is behind a symbolic link.
  above = await realpath(await mkdtemp(path.join(tmpdir(), "gatehouse-")));
  return () => rm(above, { recursive: true, force: true });
});

it.each([
  ["start", "#"],
  ["build-only", "#"],
  ["start", "*"],
])(
  "%s says of a folder with a %s in its path, before it installs anything, that it does not do",
  async (script, character) => {
    const folder = path.join(above, `a${character}b`);
    await cp("scripts", path.join(folder, "scripts"), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [path.join(folder, "scripts", `${script}.js`)], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `The console cannot be built in ${folder}, because of the character ${character} in that path. Move Gatehouse's folder.\n`,
    });
    expect(await readdir(folder)).toEqual(["scripts"]);
  },
);

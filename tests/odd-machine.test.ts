import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";

const FAILED = { status: 1, stdout: "" };
const NO_GLIBC = /^The embedded PostgreSQL needs glibc, .+ set DATABASE_URL and SECRET_KEY .+\.\n$/;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-machine-"));
  await cp("scripts", path.join(folder, "scripts"), { recursive: true });
  return () => rm(folder, { recursive: true, force: true });
});

/** Runs one of our programs in a clone without packages, as on another machine. `glibc`: its version, null for none. */
async function runOn(
  { platform = "linux", arch = "x64", glibc = "2.41" as string | null },
  script: string,
  env: Readonly<Record<string, string>> = {},
) {
  const machine = path.join(folder, "machine.cjs");
  const header = glibc === null ? {} : { glibcVersionRuntime: glibc };
  await writeFile(
    machine,
    `for (const [name, value] of Object.entries(${JSON.stringify({ platform, arch })}))
      Object.defineProperty(process, name, { value });
    process.report.getReport = () => (${JSON.stringify({ header })});`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", machine, path.join(folder, "scripts", `${script}.js`)],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH, NODE_ENV: "test", npm_execpath: "/nowhere/npm", ...env },
    },
  );
  expect(await readdir(path.join(folder, "node_modules")).catch(() => [])).toEqual([]);
  return { status, stdout, stderr };
}

it.each(["start", "build-only", "admin", "test", "migration"])(
  "%s says of a machine for which there are no packages, before it installs any, that it does not do",
  async (script) => {
    expect(await runOn({ platform: "win32" }, script)).toEqual({
      ...FAILED,
      stderr:
        "Gatehouse runs on Linux and macOS, on x64 or arm64; this is win32 on x64. On Windows, run it in WSL.\n",
    });
    expect(await runOn({ arch: "riscv64" }, script)).toMatchObject({
      ...FAILED,
      stderr: expect.stringMatching(/^Gatehouse runs on .+; this is linux on riscv64\./),
    });
    expect(await runOn({ glibc: "2.28" }, script)).toEqual({
      ...FAILED,
      stderr: "Gatehouse needs a Linux with glibc 2.29 or newer; this one has 2.28.\n",
    });
  },
);

it("without glibc, the embedded database does not do, nor do the tests that need it", async () => {
  expect(await runOn({ glibc: null }, "start")).toMatchObject({
    ...FAILED,
    stderr: expect.stringMatching(NO_GLIBC),
  });
  expect(await runOn({ glibc: null }, "test")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^\nThe embedded PostgreSQL needs glibc, .+\n\n0 passed, 1 failed\n$/),
  });
});

it.each<[object, string, Record<string, string>]>([
  [{ glibc: null }, "start", { DATABASE_URL: "postgresql://gatehouse@localhost/gatehouse" }],
  [{ glibc: null }, "build-only", {}],
  [{ glibc: "2.29" }, "start", {}],
  [{ platform: "darwin", arch: "arm64", glibc: null }, "start", {}],
])("on %o, %s goes on with %o", async (machine, script, env) => {
  await cp("package-lock.json", path.join(folder, "package-lock.json"));
  const { stdout } = await runOn(machine, script, env);
  expect(stdout).toMatch(/^Installing packages …\n/);
});

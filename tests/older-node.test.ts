import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const START = path.resolve("scripts/start.js");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-older-node-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `scripts/start.js` under a fake Node version, with the script `npm` in place of npm. */
async function startUnder(version: string, npm: string) {
  const older = path.join(folder, "older.cjs");
  const npmFile = path.join(folder, "npm.cjs");
  await writeFile(
    older,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
  );
  await writeFile(npmFile, npm);
  const child = spawn(process.execPath, ["--require", older, START, "--dev"], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", npm_execpath: npmFile },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output, ended };
}

/** The script of an npm that prints `newer` as the path of a newer Node, and records its arguments. */
const npmWith = (newer: string) =>
  `require("node:fs").writeFileSync(${JSON.stringify(path.join(folder, "asked.json"))}, JSON.stringify(process.argv.slice(2)));
  console.log(${JSON.stringify(newer)});`;

/** Writes an executable that stands in for the newer Node. */
async function programOf(text: string): Promise<string> {
  const file = path.join(folder, "newer");
  await writeFile(file, `#!${process.execPath}\n${text}`, { mode: 0o755 });
  return file;
}

it("a Node that is too old to start anything says which is needed", async () => {
  const { output, ended } = await startUnder("20.8.1", "");
  expect(await ended).toBe(1);
  expect(output).toEqual({ stdout: "", stderr: "Gatehouse needs Node.js 20.9 or newer; this is 20.8.1.\n" });
});

it.each(["20.9.0", "20.18.3", "21.7.3", "22.11.0"])(
  "Node %s runs the same command under a newer one that npm has",
  async (version) => {
    const newer = await programOf(
      "console.log(JSON.stringify([...process.argv.slice(2), process.env.PATH])); process.exitCode = 7;",
    );
    const { output, ended } = await startUnder(version, npmWith(newer));
    expect(await ended).toBe(7);
    expect(output.stderr).toMatch(new RegExp(`^This is Node\\.js ${version}\\. .+\\n$`));
    expect(JSON.parse(output.stdout)).toEqual([
      START,
      "--dev",
      [folder, process.env.PATH].join(path.delimiter),
    ]);
    expect(JSON.parse(await readFile(path.join(folder, "asked.json"), "utf8"))).toEqual([
      "exec",
      "--yes",
      "--prefer-offline",
      expect.stringMatching(/^--package=node-[a-z0-9-]+@\d+\.\d+\.\d+$/),
      "--",
      "node",
      "-p",
      "process.execPath",
    ]);
  },
);

it("says so when npm has none", async () => {
  const { output, ended } = await startUnder("20.9.0", "process.exitCode = 1;");
  expect(await ended).toBe(1);
  expect(output.stderr).toMatch(
    /\nGatehouse needs Node\.js 20\.19 or 22\.12 or newer, and npm could not fetch or start one\.\n$/,
  );
});

it("says so when the one that npm has does not start", async () => {
  const { output, ended } = await startUnder("20.9.0", npmWith(path.join(folder, "nowhere")));
  expect(await ended).toBe(1);
  expect(output.stderr).toMatch(
    /\nThe Node\.js that npm fetched does not start: spawn \S+nowhere ENOENT\.\n$/,
  );
});

it("fails when the newer one is killed", async () => {
  const newer = await programOf('process.kill(process.pid, "SIGKILL");');
  const { ended } = await startUnder("20.9.0", npmWith(newer));
  expect(await ended).toBe(1);
});

it("what is sent to the older one reaches the newer one, whose end it waits for", async () => {
  const newer = await programOf(
    `process.on("SIGTERM", () => { console.log("ended"); process.exit(3); }); setInterval(() => {}, 1000); console.log("up");`,
  );
  const { child, output, ended } = await startUnder("20.9.0", npmWith(newer));
  await expect.poll(() => output.stdout).toBe("up\n");
  child.kill("SIGTERM");
  expect(await ended).toBe(3);
  expect(output.stdout).toBe("up\nended\n");
});

import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import MODERN_BROWSERS from "next/dist/shared/lib/modern-browserslist-target.js";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { buildIfStale, CONSOLE, consoleEnv, SERVER } from "../scripts/build.js";
import { readModules } from "./architecture/modules";
import { readSources } from "./architecture/sources";

const sources = readSources();
const modules = new Map(readModules(sources).map((module) => [module.path, module]));

/** These files and all that they import, without generated files. */
function reachedFrom(paths: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const imports = modules.get(path)?.imports ?? [];
    open.push(...imports.map(({ target }) => target).filter((target) => modules.has(target)));
  }
  return reached;
}

// A loaded file that is not among a build's sources would not change its digest, so the old build would be served.
it.each([
  ["server", SERVER, ["server/main.ts", "server/admin.ts"]],
  [
    "console",
    CONSOLE,
    Object.keys(sources).filter(
      (path) =>
        /^(?:app\/|(?:proxy|instrumentation|next\.config|postcss\.config)\.)/.test(path) &&
        !/\.test\.tsx?$/.test(path),
    ),
  ],
] as const)("the %s is built anew when any of its sources changes", (_name, step, entries) => {
  const isWatched = (path: string) =>
    step.sources.some((source) => path === source || path.startsWith(`${source}/`));
  const reached = [...reachedFrom(entries)];
  expect(reached.length).toBeGreaterThan(entries.length);
  expect(reached.filter((path) => !isWatched(path))).toEqual([]);
});

// Else builds of the same sources would differ, although they have the same id.
it("the console's build takes nothing from the folders above the clone", () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "gatehouse-above-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clone = path.join(folder, "clone");
  mkdirSync(clone);
  for (const above of [folder, clone]) writeFileSync(path.join(above, "package-lock.json"), "{}");
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ browserslist: ["ie 11"] }));
  writeFileSync(path.join(clone, "package.json"), "{}");
  copyFileSync("next.config.js", path.join(clone, "next.config.js"));
  const code = `
    const { default: loadConfig } = require("next/dist/server/config");
    const { getSupportedBrowsers } = require("next/dist/build/get-supported-browsers");
    loadConfig("phase-production-build", ${JSON.stringify(clone)}, { silent: true }).then(({ turbopack }) => {
      const browsers = getSupportedBrowsers(${JSON.stringify(clone)}, false);
      console.log(JSON.stringify({ root: turbopack.root, browsers: browsers.toSorted() }));
    });`;
  const env = { ...process.env, ...consoleEnv("00".repeat(32)) };
  const output = execFileSync(process.execPath, ["-e", code], { encoding: "utf8", env });
  const browsers = [...MODERN_BROWSERS].sort();
  expect(JSON.parse(output)).toEqual({ root: clone, browsers });
});

it("nothing of the bundler runs on beside the server, with the environment and its secrets", {
  timeout: 30_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Closed here, the stream ends when no program that was started has it any more.
  const code = `require("./scripts/build.js").bundle("server/free-port.ts", ${JSON.stringify(folder)})
    .then(() => { process.stdin.resume(); fs.closeSync(2); });`;
  const server = spawn(process.execPath, ["-e", code], { stdio: ["pipe", "ignore", "pipe"] });
  onTestFinished(() => void server.kill());
  expect(await text(server.stderr)).toBe("");
  expect(server.exitCode).toBeNull();
});

describe("a step of the build", () => {
  let folder: string;
  let worked: number;
  const file = (name: string) => path.join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "gatehouse-build-"));
    mkdirSync(file("sources/generated"), { recursive: true });
    writeFileSync(file("sources/a.ts"), "a");
    worked = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Builds if that is due. @returns how often the work was done until now */
  async function build(work = () => writeFileSync(file("result"), "")): Promise<number> {
    const step = { stamp: file("stamp"), sources: [file("sources")], result: file("result") };
    await buildIfStale(step, async () => {
      worked += 1;
      work();
    });
    return worked;
  }

  it.each<[string, () => void]>([
    ["a source changes", () => writeFileSync(file("sources/a.ts"), "b")],
    ["a source is added", () => writeFileSync(file("sources/b.ts"), "")],
    ["a source has another name", () => renameSync(file("sources/a.ts"), file("sources/b.ts"))],
    ["its result is gone", () => rmSync(file("result"))],
  ])("is done once, and again when %s", async (_what, change) => {
    expect([await build(), await build()]).toEqual([1, 1]);
    change();
    expect([await build(), await build()]).toEqual([2, 2]);
  });

  it("is not done again for a test, or for what is generated", async () => {
    await build();
    writeFileSync(file("sources/a.test.ts"), "");
    writeFileSync(file("sources/generated/client.ts"), "");
    expect(await build()).toBe(1);
  });

  it("is not done again under another version of Node, which perhaps runs as a user who may not write here", async () => {
    await build();
    const versions = Object.getOwnPropertyDescriptor(process, "versions") as PropertyDescriptor;
    Object.defineProperty(process, "versions", {
      ...versions,
      value: { ...process.versions, node: "99.0.0" },
    });
    onTestFinished(() => void Object.defineProperty(process, "versions", versions));
    expect(await build()).toBe(1);
  });

  it("that failed half-way is done again, also when the sources are those of the last success", async () => {
    await build();
    writeFileSync(file("sources/a.ts"), "broken");
    const broken = build(() => {
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    writeFileSync(file("sources/a.ts"), "a");
    expect(await build()).toBe(3);
  });
});

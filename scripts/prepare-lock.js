// A lock for a clone: two builds at once would overwrite each other's files. The lock is a folder, which is free while it
// is empty or missing. Its holder's file has a name that no other has: whoever removes the file of a dead one cannot hit
// that of a start which was faster to take its place.

const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Failure } = require("./run.js");

const WAIT_MS = 200;

const NO_WRITE_ACCESS = ["EACCES", "EPERM", "EROFS"];
const IS_HELD = ["ENOTEMPTY", "EEXIST"];

/** Takes the lock if it is free, in one step: a folder can be renamed to that of an empty one only. */
function takeIfFree(folder, name) {
  const own = `${folder}.${name}`;
  try {
    fs.mkdirSync(own, { recursive: true });
    fs.writeFileSync(path.join(own, name), "");
    fs.renameSync(own, folder);
    return true;
  } catch (error) {
    if (IS_HELD.includes(error.code)) return false;
    throw error;
  } finally {
    fs.rmSync(own, { recursive: true, force: true });
  }
}

function isRunning(pid) {
  // In a container every start may get the same pid as the one that was killed.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes the file of a holder that is dead. @returns whether the lock may be free now */
function removeDeadHolder(folder) {
  const [name] = fs.readdirSync(folder);
  if (name === undefined) return true;
  const file = path.join(folder, name);
  const age = Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  // After a power failure its number may be that of a program which has nothing to do with us, and goes on for ever.
  if (isRunning(Number.parseInt(name, 10)) && age <= os.uptime() * 1_000) return false;
  fs.rmSync(file, { force: true });
  return true;
}

/**
 * Waits until no other start works in this clone, then takes the lock.
 *
 * @param {string} folder the lock; its holder's file begins with the holder's pid
 * @param {(line: string) => void} say
 * @returns {Promise<() => void>} releases the lock
 * @throws Failure when this user may not write there
 */
async function acquireLock(folder, say) {
  const name = `${process.pid}.${crypto.randomUUID()}`;
  try {
    for (let waited = false; !takeIfFree(folder, name); ) {
      if (removeDeadHolder(folder)) continue;
      if (!waited) say("Waiting for another start in this folder to finish its build …");
      waited = true;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  } catch (error) {
    if (!NO_WRITE_ACCESS.includes(error.code)) throw error;
    throw new Failure(
      `The first start of each version installs and builds in ${process.cwd()}, where this user cannot write. Run npm run build there as its owner, then start as this user. If that is done, this user cannot read what it has made; run there: chmod -R go+rX .next build node_modules prisma/generated`,
      { cause: error },
    );
  }
  const release = () => fs.rmSync(path.join(folder, name), { force: true });
  process.on("exit", release);
  return () => {
    process.off("exit", release);
    release();
  };
}

module.exports = { acquireLock };

// A lock for a clone: two builds at once would overwrite each other's files.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Failure } = require("./run.js");

const WAIT_MS = 200;
/** A lock file is empty between its creation and the write; if it stays empty, its process died in between. */
const STALE_EMPTY_MS = 5_000;

const NO_WRITE_ACCESS = ["EACCES", "EPERM", "EROFS"];

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

/** Whether the lock's process is dead. A lock that has disappeared counts as stale, too. */
function isStale(file) {
  try {
    const holder = Number(fs.readFileSync(file, "utf8") || Number.NaN);
    const age = Date.now() - fs.statSync(file).mtimeMs;
    // After a power failure its number may be that of a program which has nothing to do with us, and goes on for ever.
    if (holder > 0) return !isRunning(holder) || age > os.uptime() * 1_000;
    return age > STALE_EMPTY_MS;
  } catch (error) {
    if (error.code === "ENOENT") return true;
    throw error;
  }
}

/**
 * Waits until no other start works in this clone, then takes the lock.
 *
 * @param {string} file the lock file, which contains the pid of its holder
 * @param {(line: string) => void} say
 * @returns {Promise<() => void>} releases the lock
 * @throws Failure when this user may not write there
 */
async function acquireLock(file, say) {
  for (let waited = false; ; ) {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (NO_WRITE_ACCESS.includes(error.code)) {
        throw new Failure(
          `The first start of each version installs and builds in ${process.cwd()}, where this user cannot write. Run npm run build there as its owner, then start as this user.`,
          { cause: error },
        );
      }
      if (error.code !== "EEXIST") throw error;
    }
    if (isStale(file)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!waited) say("Waiting for another start in this folder to finish its build …");
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  const release = () => fs.rmSync(file, { force: true });
  process.on("exit", release);
  return () => {
    process.off("exit", release);
    release();
  };
}

module.exports = { acquireLock };

// What must be there before the server can run: packages, the Prisma client, the built console, the bundled server.
// Each is made again only when what it is made from has changed.

const fs = require("node:fs");
const path = require("node:path");
const { ADMIN_ENTRY, build, BUILD_FOLDER, SERVER_ENTRY, needsBuild } = require("./build.js");
const { install, needsInstall } = require("./install.js");

const LOCK = path.join(BUILD_FOLDER, "prepare.lock");
const WAIT_MS = 200;

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** One at a time in a clone: two builds at once would write into each other. */
async function holdLock(say) {
  fs.mkdirSync(BUILD_FOLDER, { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      fs.writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(fs.readFileSync(LOCK, "utf8") || Number.NaN);
    if (holder > 0 && !isRunning(holder)) fs.rmSync(LOCK, { force: true });
    else if (!waited) say("Waiting for another start in this folder to finish its build …");
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  const release = () => fs.rmSync(LOCK, { force: true });
  process.on("exit", release);
  return () => {
    process.off("exit", release);
    release();
  };
}

/**
 * Installs, generates and builds what is missing or out of date.
 *
 * @param {{ isDev?: boolean; say: (line: string) => void }} options in development the console is not built
 */
async function prepare({ isDev = false, say }) {
  if (!needsInstall() && !needsBuild({ isDev })) return;
  const release = await holdLock(say);
  try {
    if (needsInstall()) await install(say);
    if (needsBuild({ isDev })) await build({ isDev, say });
  } finally {
    release();
  }
}

module.exports = { ADMIN_ENTRY, prepare, SERVER_ENTRY };

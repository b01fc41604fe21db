// Prepares what the server needs: packages, the Prisma client, the built console, the bundled server. Rebuilds each
// only when its sources have changed.

const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { setFlagsFromString } = require("node:v8");
const { ADMIN_ENTRY, build, BUILD_FOLDER, SERVER_ENTRY, needsBuild } = require("./build.js");
const { install, needsInstall } = require("./install.js");
const { acquireLock } = require("./prepare-lock.js");
const { Failure } = require("./run.js");

const LOCK = path.join(BUILD_FOLDER, "preparing");

/**
 * Refuses two characters in the clone's path. Tailwind takes a `#` in a style sheet's path for its end. Node replaces each
 * `*` in the path of a package with patterns in its `exports`, like Prisma's client. Both fail without saying so.
 */
function requirePlainPath() {
  const [found] = /[#*]/.exec(process.cwd()) ?? [];
  if (found === undefined) return;
  throw new Failure(
    `The console cannot be built in ${process.cwd()}, because of the character ${found} in that path. Move Gatehouse's folder.`,
  );
}

/**
 * Installs, generates and builds what is missing or out of date.
 *
 * @param {{
 *   isDev?: boolean; isForTests?: boolean; say: (line: string) => void; beforeConsole?: () => Promise<void>
 * }} options in development the console is not built; `isForTests` as for `needsInstall`, `beforeConsole` as for `build`
 */
async function prepare({ isDev = false, isForTests = false, say, beforeConsole }) {
  requirePlainPath();
  if (!needsInstall({ isForTests }) && !needsBuild({ isDev })) return;
  const release = await acquireLock(LOCK, say);
  try {
    if (needsInstall({ isForTests })) await install(say);
    if (needsBuild({ isDev })) await build({ isDev, say, beforeConsole });
  } finally {
    release();
  }
}

/**
 * Loads what was built, without variables of other programs that a library would obey. If DEBUG is set, Prisma prints its
 * queries' arguments, the hashes of passwords among them; with an AUTH_URL that is no URL, Auth.js logs nobody in.
 */
function load(entry) {
  for (const name of ["DEBUG", "AUTH_URL", "NEXTAUTH_URL"]) delete process.env[name];
  // V8 would optimise the WebAssembly that compiles Prisma's queries while the program starts, which takes a sixth of a
  // start's processor time. With this budget it does so later, once that code has run often.
  setFlagsFromString("--wasm-tiering-budget=100000000");
  return import(pathToFileURL(entry).href);
}

module.exports = { ADMIN_ENTRY, load, prepare, SERVER_ENTRY };

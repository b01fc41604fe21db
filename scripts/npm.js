// Which npm our programs run.

const path = require("node:path");

/**
 * Returns the command of the npm that runs us, or else of the one on the PATH. pnpm and Yarn name themselves in npm's
 * variable, but do not install what package-lock.json names.
 */
function npmCommand() {
  const file = process.env.npm_execpath || "";
  return /^npm\b/.test(path.basename(file)) ? [process.execPath, file] : ["npm"];
}

module.exports = { npmCommand };

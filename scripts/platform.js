// Which machines Gatehouse runs on: Unix systems for which npm has all of its compiled parts.

const { Failure } = require("./run.js");

const SYSTEMS = ["linux", "darwin"];
const PROCESSORS = ["x64", "arm64"];
/** That of Next's compiler; PostgreSQL does with an older one. */
const OLDEST_GLIBC = [2, 29];

/** The version of glibc; undefined where there is none, as on macOS, or another C library, such as Alpine's. */
const GLIBC =
  process.platform === "linux" ? process.report.getReport().header.glibcVersionRuntime : undefined;

/** This machine, in the words with which packages say what their compiled parts are for. Those for macOS name no libc. */
const MACHINE = { os: process.platform, cpu: process.arch, libc: GLIBC === undefined ? "musl" : "glibc" };

/**
 * Whether a package of the lock file has compiled parts for this machine.
 * @param {{ os?: string[]; cpu?: string[]; libc?: string[] }} names
 */
function isMadeForMachine({ os = [], cpu = [], libc = [MACHINE.libc] }) {
  return os.includes(MACHINE.os) && cpu.includes(MACHINE.cpu) && libc.includes(MACHINE.libc);
}

/** Returns why nothing of Gatehouse runs on this machine; null if there is no such reason. */
function platformProblem() {
  if (!SYSTEMS.includes(process.platform) || !PROCESSORS.includes(process.arch)) {
    return (
      `Gatehouse runs on Linux and macOS, on x64 or arm64; this is ${process.platform} on ${process.arch}. ` +
      "On Windows, run it in WSL."
    );
  }
  if (GLIBC === undefined) return null;
  const [major, minor] = GLIBC.split(".").map(Number);
  if (major > OLDEST_GLIBC[0] || (major === OLDEST_GLIBC[0] && minor >= OLDEST_GLIBC[1])) return null;
  return `Gatehouse needs a Linux with glibc ${OLDEST_GLIBC.join(".")} or newer; this one has ${GLIBC}.`;
}

/** Refuses a Linux on which everything runs but the embedded PostgreSQL. */
function requireEmbeddedDatabase() {
  if (process.platform !== "linux" || GLIBC !== undefined) return;
  throw new Failure(
    "The embedded PostgreSQL needs glibc, which this Linux (Alpine, for example) does not have. " +
      "Use another Linux, or set DATABASE_URL and SECRET_KEY to use your own PostgreSQL.",
  );
}

module.exports = { isMadeForMachine, MACHINE, platformProblem, requireEmbeddedDatabase };

// Which machines Gatehouse runs on: Unix systems for which npm has all of its compiled parts.

const { Failure } = require("./run.js");

const SYSTEMS = ["linux", "darwin"];
const PROCESSORS = ["x64", "arm64"];
/** That of Next's compiler; PostgreSQL does with an older one. */
const OLDEST_GLIBC = [2, 29];

/** Returns the version of glibc; undefined for another C library, such as Alpine's. */
function glibcVersion() {
  return process.report.getReport().header.glibcVersionRuntime;
}

/** Returns why nothing of Gatehouse runs on this machine; null if there is no such reason. */
function platformProblem() {
  if (!SYSTEMS.includes(process.platform) || !PROCESSORS.includes(process.arch)) {
    return (
      `Gatehouse runs on Linux and macOS, on x64 or arm64; this is ${process.platform} on ${process.arch}. ` +
      "On Windows, run it in WSL."
    );
  }
  const version = process.platform === "linux" ? glibcVersion() : undefined;
  if (version === undefined) return null;
  const [major, minor] = version.split(".").map(Number);
  if (major > OLDEST_GLIBC[0] || (major === OLDEST_GLIBC[0] && minor >= OLDEST_GLIBC[1])) return null;
  return `Gatehouse needs a Linux with glibc ${OLDEST_GLIBC.join(".")} or newer; this one has ${version}.`;
}

/** Refuses a Linux on which everything runs but the embedded PostgreSQL. */
function requireEmbeddedDatabase() {
  if (process.platform !== "linux" || glibcVersion() !== undefined) return;
  throw new Failure(
    "The embedded PostgreSQL needs glibc, which this Linux (Alpine, for example) does not have. " +
      "Use another Linux, or set DATABASE_URL and SECRET_KEY to use your own PostgreSQL.",
  );
}

module.exports = { platformProblem, requireEmbeddedDatabase };

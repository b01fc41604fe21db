// Reads how many tests passed and failed from what the runners report as JSON.

const fs = require("node:fs");

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** A test that was skipped was not passed. */
function readVitest(file) {
  const { numPassedTests = 0, numTotalTests = 0 } = read(file);
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
}

/** A test that passed only when it was repeated ("flaky") was not passed. */
function readPlaywright(file) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(file).stats ?? {};
  return { passed: expected, failed: unexpected + flaky + skipped };
}

/** The counts, in which a run that failed outside of any test, or ran no test at all, has at least one failure. */
function settle({ passed, failed }, ok) {
  const isSound = ok && passed + failed > 0;
  return { passed, failed: isSound ? failed : Math.max(failed, 1) };
}

module.exports = { readPlaywright, readVitest, settle };

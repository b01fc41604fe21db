// Reads how many tests passed and failed from the runners' JSON reports.

const fs = require("node:fs");

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** Counts a skipped test as failed. */
function readVitest(file) {
  const { numPassedTests = 0, numTotalTests = 0 } = read(file);
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
}

/** Counts a test that passed only on a retry ("flaky"), or was skipped, as failed. */
function readPlaywright(file) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(file).stats ?? {};
  return { passed: expected, failed: unexpected + flaky + skipped };
}

/** Returns the counts, with at least one failure for a run that failed outside of any test, or ran no test at all. */
function settle({ passed, failed }, ok) {
  const isSound = ok && passed + failed > 0;
  return { passed, failed: isSound ? failed : Math.max(failed, 1) };
}

module.exports = { readPlaywright, readVitest, settle };

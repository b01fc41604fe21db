const CHECK_MS = 250;

/** Calls `react` when the process that started this one is gone; does not keep this one from ending. */
function whenParentEnds(react) {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    react();
  }, CHECK_MS);
  look.unref();
}

module.exports = { whenParentEnds };

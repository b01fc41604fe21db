// V8 marks garbage and compiles in threads of its own beside the event loop. While passwords are guessed there is much
// garbage, and with the same priority they would divide the cores among them and the event loop (docs/decisions/0018).

const { readdirSync, readFileSync } = require("node:fs");
const { constants, getPriority, setPriority } = require("node:os");

/** How much lower their priority is. */
const NICENESS = 10;

/** As in lib/password/hash-threads.ts, which is not built yet when this is asked. */
function sessionsHaveShares() {
  try {
    return readFileSync("/proc/sys/kernel/sched_autogroup_enabled", "utf8").trim() === "1";
  } catch {
    return false;
  }
}

/**
 * Lowers the priority of all threads of this process but the main one. For the very beginning, when the others are V8's.
 * Only on Linux does a thread have its own priority. Where the kernel does not give each session its own share, other
 * busy programs would take the time that V8 needs. Does nothing where a service's filter of system calls forbids it.
 */
function lowerHelperThreads() {
  if (process.platform !== "linux" || !sessionsHaveShares()) return;
  const niceness = Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW);
  try {
    for (const thread of readdirSync("/proc/self/task").map(Number)) {
      if (thread !== process.pid) setPriority(thread, niceness);
    }
  } catch {
    // The server works without it.
  }
}

module.exports = { lowerHelperThreads };

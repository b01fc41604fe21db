// Runs programs for the tests; ends them and their child processes at a deadline, or when the run is interrupted.

const { spawn } = require("node:child_process");
const path = require("node:path");

/** Grace period between the signal that asks a program to end and SIGKILL. */
const GRACE_MS = 10_000;
/** How long to wait for a program's output to close after its exit: a child that outlives it may keep it open. */
const OUTPUT_DRAIN_MS = 2_000;

/** The running programs, each with the signal that asks it to end. */
const running = new Map();
/** Once set, nothing is started any more, and promises that wait for a program never settle. */
let isShuttingDown = false;

function signal(child, name) {
  try {
    // The program has its own process group, so that this reaches its children too.
    process.kill(-child.pid, name);
  } catch {
    // It has ended by itself.
  }
}

function end(child, name) {
  signal(child, name);
  setTimeout(() => signal(child, "SIGKILL"), GRACE_MS).unref();
}

/**
 * Runs a program to its end, or to `deadline`.
 *
 * @param {string[]} command
 * @param {{ env?: Record<string, string>; deadline: number; isLive?: boolean; endsAt?: "SIGTERM" | "SIGINT" }} options
 *   when it must have ended (as of Date.now); whether its output is shown as it comes; the signal for a clean exit
 * @returns {Promise<{ ok: boolean; output: string }>} what it printed, followed by why it failed
 */
function supervise([program, ...args], { env = {}, deadline, isLive = false, endsAt = "SIGTERM" }) {
  return new Promise((resolve) => {
    if (isShuttingDown) return;
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ["ignore", isLive ? "inherit" : "pipe", isLive ? "inherit" : "pipe"],
    });
    running.set(child, endsAt);
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    let reason = "";
    const timer = setTimeout(() => {
      reason = "it took too long and was stopped";
      end(child, endsAt);
    }, deadline - Date.now());
    const finish = (code, name) => {
      clearTimeout(timer);
      running.delete(child);
      signal(child, "SIGKILL");
      if (isShuttingDown) return;
      const output = Buffer.concat(chunks).toString("utf8").trim();
      const why = `${path.basename(args[0] ?? program)}: ${reason || name || `exit code ${code}`}`;
      resolve(code === 0 ? { ok: true, output } : { ok: false, output: `${output}\n\n${why}`.trim() });
    };
    child.on("error", (error) => finish(null, error.message));
    child.on("exit", (code, name) => setTimeout(finish, OUTPUT_DRAIN_MS, code, name).unref());
    child.on("close", finish);
  });
}

/** Ends all running programs; resolves when they are gone. */
async function endAll() {
  isShuttingDown = true;
  for (const [child, name] of running) end(child, name);
  while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

module.exports = { endAll, supervise };

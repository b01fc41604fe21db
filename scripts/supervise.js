// Runs programs for the tests, and ends them with everything they have started when their time is over, or ours.

const { spawn } = require("node:child_process");
const path = require("node:path");

/** What is asked to end gets this long before it is ended. */
const GRACE_MS = 10_000;
/** Something that outlives the program may hold its output open; then we have waited long enough for the rest of it. */
const REST_MS = 2_000;

/** Each with the signal that asks it to end. */
const running = new Map();
/** From then on nothing is started, and what was waiting for a program waits for ever. */
let isOver = false;

function signal(child, name) {
  try {
    // A group of its own, so that this reaches what the program has started too.
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
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
 *   when it must have ended (as of Date.now); whether its output is shown as it comes; the signal at which it ends in order
 * @returns {Promise<{ ok: boolean; output: string }>} what it said, and at the end why it failed
 */
function supervise([program, ...args], { env = {}, deadline, isLive = false, endsAt = "SIGTERM" }) {
  return new Promise((resolve) => {
    if (isOver) return;
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      detached: process.platform !== "win32",
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
      if (isOver) return;
      const output = Buffer.concat(chunks).toString("utf8").trim();
      const why = `${path.basename(args[0] ?? program)}: ${reason || name || `exit code ${code}`}`;
      resolve(code === 0 ? { ok: true, output } : { ok: false, output: `${output}\n\n${why}`.trim() });
    };
    child.on("error", (error) => finish(null, error.message));
    child.on("exit", (code, name) => setTimeout(finish, REST_MS, code, name).unref());
    child.on("close", finish);
  });
}

/** Ends whatever runs; resolves when it is gone. */
async function endAll() {
  isOver = true;
  for (const [child, name] of running) end(child, name);
  while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

module.exports = { endAll, supervise };

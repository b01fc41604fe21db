// Runs one program quietly: buffers its output, and shows it only if the program fails.

const { spawn } = require("node:child_process");
const path = require("node:path");

/**
 * Ends a program of Node's that this process runs, when this process is killed. A build would otherwise go on, and the
 * next start could not build.
 */
const END_WITH_PARENT = `--require=${path.join(__dirname, "end-with-parent.js")}`;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** An error that is shown as a message, without a stack. */
class Failure extends Error {
  hasUserMessage = true;
}

/** Returns what to show of an error: its message if that is written for people, else its stack. */
function errorText(error) {
  return error.hasUserMessage ? error.message : error.stack;
}

/**
 * Runs a program to its end. A signal that asks us to end goes to the program, and then it has failed, whatever it says.
 *
 * @param {string} task what the program does, for people
 * @param {string[]} command
 * @param {{ say: (line: string) => void; env?: Record<string, string> }} options
 * @returns {Promise<string>} what it printed
 * @throws {Failure} its cause has the program's `exitCode`, negative when it could not be started, null when a signal ended
 *   it; none when a signal came to us
 */
function run(task, [program, ...args], { say, env = {} }) {
  const begun = Date.now();
  say(`${task} …`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, program === process.execPath ? [END_WITH_PARENT, ...args] : args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stoppedBy;
    const stop = (signal) => {
      stoppedBy = signal;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", ({ message, errno }) =>
      reject(new Failure(`${task} failed: ${program}: ${message}`, { cause: { exitCode: errno } })),
    );
    child.on("close", (code, signal) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      // Only now: what is left of the program would be in the next start's way.
      if (stoppedBy)
        return reject(new Failure(`${task} was stopped by ${stoppedBy}. It is done again next time.`));
      const output = Buffer.concat(chunks).toString("utf8").trim();
      if (code === 0) {
        say(`  done in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
        return resolve(output);
      }
      const message = `${task} failed (${signal ?? `exit code ${code}`}).\n\n${output}\n`;
      reject(new Failure(message, { cause: { exitCode: code } }));
    });
  });
}

module.exports = { errorText, Failure, run };

import { write, writeSync } from "node:fs";
import { codeOf } from "./errors";

/** How much text may wait while nothing can be written, in characters; lines beyond that are dropped. */
export const MAX_WAITING_LENGTH = 1_048_576;
const RETRY_MS = 100;
/** How often a last attempt, before the process ends, waits for a pipe whose reader is slow. */
const MAX_LAST_RETRIES = 20;

/**
 * Creates the destination of the log: a file descriptor, such as that of stdout. It never blocks the event loop, and a
 * destination that cannot be written, such as a file on a full disk, harms nothing else: its lines wait until it can be
 * written again. The destination that pino has by default would then block the process until there is space.
 */
export function logOutput(fd: number): { write: (line: string) => void; flushSync: () => void } {
  let lines: string[] = [];
  let waitingLength = 0;
  /** What is being written, or is to be tried again. */
  let current: Buffer = Buffer.alloc(0);
  let state: "idle" | "writing" | "retrying" | "closed" = "idle";

  function takeLines(): Buffer {
    const taken = Buffer.from(lines.join(""));
    lines = [];
    waitingLength = 0;
    return taken;
  }

  function writeNext(): void {
    if (current.length === 0) current = takeLines();
    state = current.length > 0 ? "writing" : "idle";
    if (state === "idle") return;
    write(fd, current, (error, written) => {
      current = current.subarray(written ?? 0);
      if (!error) {
        writeNext();
      } else if (codeOf(error) === "EPIPE") {
        // Nobody reads it any more, or ever will.
        state = "closed";
      } else {
        state = "retrying";
        setTimeout(writeNext, RETRY_MS).unref();
      }
    });
  }

  return {
    write(line) {
      if (state === "closed" || waitingLength + line.length > MAX_WAITING_LENGTH) return;
      lines.push(line);
      waitingLength += line.length;
      if (state === "idle") writeNext();
    },
    /** Writes what waits before the process ends. What is being written at this moment is written in any case. */
    flushSync() {
      if (state === "closed") return;
      let rest = state === "retrying" ? Buffer.concat([current, takeLines()]) : takeLines();
      if (state === "retrying") current = Buffer.alloc(0);
      for (let retries = 0; rest.length > 0; ) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if (codeOf(error) !== "EAGAIN" || retries === MAX_LAST_RETRIES) return;
          retries += 1;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
        }
      }
    },
  };
}

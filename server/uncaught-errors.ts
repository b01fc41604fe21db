import { format } from "node:util";
import { codeOf, isDatabaseAway } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

const BROKEN_SOCKET = /^(?:ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_\w+|ABORT_ERR)$/;

const CONSOLE = [
  ["error", "error"],
  ["warn", "warn"],
  ["log", "debug"],
  ["info", "debug"],
] as const;

function isPassing(error: unknown): boolean {
  return isDatabaseAway(error) || BROKEN_SOCKET.test(codeOf(error) ?? "");
}

/**
 * Formats a console call as text. Of an error it keeps the stack only, because other properties may contain anything;
 * below the level of an error the message is enough: Next warns of every action id that somebody makes up.
 */
function asText(args: readonly unknown[], hasStack: boolean): string {
  const words = ({ message, stack }: Error) => (hasStack && stack) || message;
  return format(...args.map((arg) => (arg instanceof Error ? words(arg) : arg)));
}

/**
 * Sends what libraries write to the console through the log, so that the output stays one JSON line for each event, and
 * logs uncaught errors. A broken connection is not fatal; any other uncaught exception leaves an unknown state.
 *
 * @param onFatal called for an error after which the process should end
 */
export function logUncaughtErrors({ isDev, onFatal }: { isDev: boolean; onFatal: () => void }): void {
  if (!isDev) {
    for (const [method, level] of CONSOLE) {
      console[method] = (...args: unknown[]) =>
        log()[level]({ event: "console", text: asText(args, level === "error") });
    }
  }
  // What is said to whoever starts the server may go to a file on a full disk, or to a program that has ended.
  process.stdout.on("error", () => undefined);
  process.on("unhandledRejection", (err) => log().error({ event: "unhandled-rejection", err }));
  process.on("uncaughtException", (err) => {
    const isFatal = !isPassing(err);
    log()[isFatal ? "fatal" : "error"]({ event: "uncaught-exception", err });
    if (isFatal) onFatal();
  });
}

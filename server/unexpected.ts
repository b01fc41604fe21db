import { format } from "node:util";
import { isDatabaseAway } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

const BROKEN_SOCKET = /^(?:ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_\w+|ABORT_ERR)$/;

const CONSOLE = [
  ["error", "error"],
  ["warn", "warn"],
  ["log", "debug"],
  ["info", "debug"],
] as const;

function isPassing(error: unknown): boolean {
  return isDatabaseAway(error) || BROKEN_SOCKET.test(String((error as { code?: unknown } | null)?.code));
}

/**
 * What console got, as text; of an error its stack only, because its other properties may hold anything. What is no more
 * than a warning needs no stack: Next warns of every action that somebody makes up.
 */
function asText(args: readonly unknown[], hasStack: boolean): string {
  const words = ({ message, stack }: Error) => (hasStack && stack) || message;
  return format(...args.map((arg) => (arg instanceof Error ? words(arg) : arg)));
}

/**
 * Sends what libraries write to the console through the log, so that it stays one JSON line for each event; logs what
 * nobody caught. A broken connection is no reason to end; anything else leaves the process in a state nobody knows.
 *
 * @param onFatal called for an error after which the process should end
 */
export function logTheUnexpected({ isDev, onFatal }: { isDev: boolean; onFatal: () => void }): void {
  if (!isDev) {
    for (const [method, level] of CONSOLE) {
      console[method] = (...args: unknown[]) =>
        log()[level]({ event: "console", text: asText(args, level === "error") });
    }
  }
  process.on("unhandledRejection", (err) => log().error({ event: "unhandled-rejection", err }));
  process.on("uncaughtException", (err) => {
    const isFatal = !isPassing(err);
    log()[isFatal ? "fatal" : "error"]({ event: "uncaught-exception", err });
    if (isFatal) onFatal();
  });
}

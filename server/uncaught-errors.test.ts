import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { logUncaughtErrors } from "./uncaught-errors";

process.env.LOG_LEVEL = "silent";

/** The console that libraries write to; under this name, so that it does not look like a forgotten debug output. */
const { console: terminal } = globalThis;
const METHODS = ["error", "warn", "log", "info"] as const;
const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

let undo: (() => void)[];
let said: unknown[];

beforeEach(() => {
  undo = [];
  said = [];
  for (const level of ["fatal", "error", "warn", "debug"] as const) {
    vi.spyOn(log(), level).mockImplementation((line: unknown) => said.push({ level, ...Object(line) }));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const step of undo) step();
});

/** Installs the handlers as the process does. @returns functions that call these handlers, and not the test runner's */
function begin({ isDev = false, onFatal = () => undefined }: { isDev?: boolean; onFatal?: () => void } = {}) {
  for (const method of METHODS) {
    const original = terminal[method];
    undo.push(() => Object.assign(terminal, { [method]: original }));
  }
  const before = EVENTS.map((event) => process.rawListeners(event));
  const beforeOutput = process.stdout.listeners("error");
  logUncaughtErrors({ isDev, onFatal });
  for (const listener of process.stdout.listeners("error"))
    if (!beforeOutput.includes(listener))
      undo.push(() => process.stdout.off("error", listener as () => void));
  const [raise, reject] = EVENTS.map((event, index) => {
    const added = process.rawListeners(event).filter((one) => !before[index]?.includes(one));
    undo.push(() => {
      for (const listener of added) process.off(event, listener as () => void);
    });
    return (error: unknown) => {
      for (const listener of added) listener(error, event);
    };
  });
  if (!raise || !reject) throw new Error("It listens to nothing.");
  return { raise, reject };
}

const failure = (code: string) => Object.assign(new Error("x"), { code });

describe("output of libraries to the console", () => {
  it("is one event of the log each, whatever it holds", () => {
    begin();
    const error = Object.assign(new Error("broken"), { config: { password: "canary" } });
    terminal.error("it is %s", "bad", error);
    terminal.warn("line\nline", error);
    terminal.log({ a: 1 });
    terminal.info("ready");
    expect(said).toEqual([
      { level: "error", event: "console", text: `it is bad ${error.stack}` },
      { level: "warn", event: "console", text: "line\nline broken" },
      { level: "debug", event: "console", text: "{ a: 1 }" },
      { level: "debug", event: "console", text: "ready" },
    ]);
  });

  it("is left to the terminal in development", () => {
    const before = METHODS.map((method) => terminal[method]);
    begin({ isDev: true });
    expect(METHODS.map((method) => terminal[method])).toEqual(before);
  });
});

describe("an error that nobody caught", () => {
  it.each(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ABORT_ERR", "57P01"])(
    "of a broken connection, %s, ends nothing",
    (code) => {
      const onFatal = vi.fn();
      begin({ onFatal }).raise(failure(code));
      expect(said).toEqual([{ level: "error", event: "uncaught-exception", err: failure(code) }]);
      expect(onFatal).not.toHaveBeenCalled();
    },
  );

  it.each([new TypeError("x is not a function"), failure("ENOSPC"), null, "text"])(
    "of any other kind ends the process: %s",
    (error) => {
      const onFatal = vi.fn();
      begin({ onFatal }).raise(error);
      expect(said).toEqual([{ level: "fatal", event: "uncaught-exception", err: error }]);
      expect(onFatal).toHaveBeenCalledOnce();
    },
  );

  it("as a rejection is told", () => {
    const onFatal = vi.fn();
    begin({ onFatal }).reject(new Error("late"));
    expect(said).toEqual([{ level: "error", event: "unhandled-rejection", err: new Error("late") }]);
    expect(onFatal).not.toHaveBeenCalled();
  });
});

it("output that cannot be written is no error, as on a full disk", () => {
  const others = process.stdout.listeners("error") as (() => void)[];
  for (const listener of others) process.stdout.off("error", listener);
  undo.push(() => {
    for (const listener of others) process.stdout.on("error", listener);
  });
  begin();
  expect(process.stdout.emit("error", failure("ENOSPC"))).toBe(true);
  expect(said).toEqual([]);
});

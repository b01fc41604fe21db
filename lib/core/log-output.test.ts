import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { logOutput, MAX_WAITING_LENGTH } from "./log-output";

vi.mock("node:fs", { spy: true });

let folder: string;
let file: string;
let fd: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "gatehouse-log-"));
  file = path.join(folder, "log");
  fd = fs.openSync(file, "a");
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(fs.write).mockReset();
  vi.mocked(fs.writeSync).mockReset();
  fs.closeSync(fd);
  fs.rmSync(folder, { recursive: true });
});

const written = () => fs.readFileSync(file, "utf8");
const failure = (code: string) => Object.assign(new Error(code), { code });

/** Makes every write fail, after it has written `partly` bytes. @returns a function that makes writes succeed again */
function failWrites(code: string, partly = 0): () => void {
  vi.mocked(fs.write).mockImplementation(((to: number, text: Buffer, done: (...args: unknown[]) => void) => {
    const count = partly > 0 ? fs.writeSync(to, text.subarray(0, partly)) : 0;
    partly = 0;
    queueMicrotask(() => (count > 0 ? done(null, count) : done(failure(code), 0)));
  }) as never);
  return () => vi.mocked(fs.write).mockReset();
}

it("writes the lines in their order", async () => {
  const output = logOutput(fd);
  for (const line of ["one\n", "two\n", "drei, vier: ü\n"]) output.write(line);
  await vi.waitFor(() => expect(written()).toBe("one\ntwo\ndrei, vier: ü\n"));
});

it("keeps the lines while the disk is full, and writes each once when it is not", async () => {
  const output = logOutput(fd);
  const makeSpace = failWrites("ENOSPC", 2);
  output.write("one\n");
  output.write("two\n");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written()).toBe("on");
  makeSpace();
  output.write("three\n");
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(written()).toBe("one\ntwo\nthree\n"));
});

it("drops lines when too many wait", async () => {
  const output = logOutput(fd);
  const makeSpace = failWrites("ENOSPC");
  output.write("first\n");
  const line = `${"x".repeat(MAX_WAITING_LENGTH / 4 - 1)}\n`;
  for (let i = 0; i < 6; i += 1) output.write(line);
  makeSpace();
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(written()).toBe(`first\n${line.repeat(4)}`));
});

it("stops when nobody reads it any more", async () => {
  const output = logOutput(fd);
  failWrites("EPIPE");
  output.write("one\n");
  await vi.advanceTimersByTimeAsync(1_000);
  output.write("two\n");
  await vi.advanceTimersByTimeAsync(1_000);
  output.flushSync();
  expect(fs.write).toHaveBeenCalledOnce();
  expect(written()).toBe("");
});

it("writes what waits before the process ends", async () => {
  const output = logOutput(fd);
  failWrites("ENOSPC");
  output.write("one\n");
  await vi.advanceTimersByTimeAsync(150);
  output.write("two\n");
  output.flushSync();
  expect(written()).toBe("one\ntwo\n");
});

it.each([
  ["while the disk is full", "ENOSPC", 1],
  ["for longer than two seconds while a pipe's reader does not read", "EAGAIN", 21],
])("does not keep the process from ending %s", async (_while, code, attempts) => {
  const pause = vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
  const output = logOutput(fd);
  failWrites("ENOSPC");
  output.write("one\n");
  output.write("two\n");
  vi.mocked(fs.writeSync).mockImplementation(() => {
    throw failure(code);
  });
  output.flushSync();
  expect(fs.writeSync).toHaveBeenCalledTimes(attempts);
  expect(pause).toHaveBeenCalledTimes(attempts - 1);
  pause.mockRestore();
});

it("tries a last time for a while where a pipe's reader is slow", () => {
  const output = logOutput(fd);
  failWrites("ENOSPC");
  output.write("one\n");
  output.write("two\n");
  vi.mocked(fs.writeSync).mockImplementationOnce(() => {
    throw failure("EAGAIN");
  });
  output.flushSync();
  expect(written()).toBe("two\n");
});

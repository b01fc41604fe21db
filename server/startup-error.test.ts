import { describe, expect, it } from "vitest";
import { fileProblemIn } from "./startup-error";

describe("fileProblemIn", () => {
  it.each([
    [
      "waiting for server to start..../bin/sh: 1: cannot create /d/postgres/server.log: Read-only file system",
      "the file system is read-only",
    ],
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', "the disk is full"],
    ["FATAL:  could not write to file: Disk quota exceeded", "the disk quota is exceeded"],
    ["FATAL:  could not open file: No such file or directory", undefined],
    ["", undefined],
  ])("finds in %j that %s", (output, problem) => {
    expect(fileProblemIn(output)).toBe(problem);
  });
});

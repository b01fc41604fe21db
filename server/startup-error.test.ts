import { describe, expect, it } from "vitest";
import { EnvError } from "@/lib/core/env";
import { SealBroken } from "@/lib/core/secrets";
import { dataFolderError, fileProblemIn, hasUserMessage, StartupError } from "./startup-error";

describe("hasUserMessage", () => {
  it.each([
    [new StartupError("Port 3000 is already in use."), true],
    [new EnvError(["PORT must be a whole number."]), true],
    [new SealBroken(), true],
    [new TypeError("undefined is not a function"), false],
    [{ message: "not an error", hasUserMessage: true }, false],
  ])("of %s is %s", (error, isForPeople) => {
    expect(hasUserMessage(error)).toBe(isForPeople);
  });
});

describe("dataFolderError", () => {
  it.each([
    [
      "EACCES",
      "this user cannot write there. Set DATA_DIR to a writable folder, or create this one if it is missing, and give it to this user with chown -R.",
    ],
    ["EROFS", "the file system is read-only. Set DATA_DIR to a writable folder."],
  ])("tells of %s what to do", (code, words) => {
    expect(dataFolderError(Object.assign(new Error("canary"), { code }), "/d")).toMatchObject({
      message: `The data folder /d cannot be used: ${words} Nothing was changed.`,
    });
  });

  it("leaves any other error as it is", () => {
    const error = new TypeError("undefined is not a function");
    expect(dataFolderError(error, "/d")).toBe(error);
  });
});

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

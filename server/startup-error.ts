import { codeOf } from "@/lib/core/errors";

/** Why the server cannot start or go on, in words for the person at the terminal; shown without a stack. */
export class StartupError extends Error {
  override readonly name = "StartupError";
  readonly hasUserMessage = true;
}

/**
 * Whether an error's message is written for the person at the terminal, who then needs no stack. Such errors have a
 * property that says so, by which the scripts recognise them too: each bundle has its own copies of their classes.
 */
export function hasUserMessage(error: unknown): error is Error {
  return error instanceof Error && "hasUserMessage" in error;
}

const NOT_WRITABLE = "this user cannot write there";
const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  ENOENT: "it cannot be created there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is exceeded",
  ENOTDIR: "a file is in the way",
  EEXIST: "a file is in the way",
  ENAMETOOLONG: "its path is too long",
};

/** How other programs report a file system's error: in libc's words. */
const OS_MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "ENOSPC"],
  [/Disk quota exceeded/, "EDQUOT"],
  [/Read-only file system/, "EROFS"],
];

/** Returns the file system's error in a program's output, in plain words; undefined if it mentions none. */
export function fileProblemIn(output: string): string | undefined {
  const [, code] = OS_MESSAGES.find(([said]) => said.test(output)) ?? [];
  return code && FILE_PROBLEMS[code];
}

/** Turns a file system's error into a StartupError about the data folder; returns any other error unchanged. */
export function dataFolderError(error: unknown, folder: string): unknown {
  const problem = FILE_PROBLEMS[codeOf(error) ?? ""];
  if (problem === undefined) return error;
  const orGive =
    problem === NOT_WRITABLE
      ? ", or create this one if it is missing, and give it to this user with chown -R"
      : "";
  return new StartupError(
    `The data folder ${folder} cannot be used: ${problem}. Set DATA_DIR to a writable folder${orGive}. Nothing was changed.`,
    { cause: error },
  );
}

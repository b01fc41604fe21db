/** Why the server cannot start or go on, in words for the person at the terminal; shown without a stack. */
export class StartupError extends Error {
  override readonly name = "StartupError";
  /** As the scripts tell such errors from others. */
  readonly isForPeople = true;
}

/** By name, because each bundle has these classes to itself. */
const FOR_PEOPLE = new Set(["StartupError", "EnvError", "AdminPasswordRefused", "SealBroken"]);

/** Whether an error's message is written for the person at the terminal, who then needs no stack. */
export function isForPeople(error: unknown): error is Error {
  return error instanceof Error && FOR_PEOPLE.has(error.name);
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOENT: "it cannot be made there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a file is in the way",
  EEXIST: "a file is in the way",
  ENAMETOOLONG: "its path is too long",
};

/** What a program that is not ours says in libc's words, because it was refused by a file system. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "ENOSPC"],
  [/Disk quota exceeded/, "EDQUOT"],
  [/Read-only file system/, "EROFS"],
];

/** What a program's output says of the file system, in words for people; undefined where it says nothing of it. */
export function fileProblemIn(output: string): string | undefined {
  const [, code] = SAID.find(([said]) => said.test(output)) ?? [];
  return code && FILE_PROBLEMS[code];
}

/** Says what a file system's error means for the data folder; any other error is returned as it is. */
export function dataFolderError(error: unknown, folder: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const problem = code === undefined ? undefined : FILE_PROBLEMS[code];
  if (problem === undefined) return error;
  return new StartupError(
    `The data folder ${folder} cannot be used: ${problem}. Set DATA_DIR to a folder that can be written; nothing was changed.`,
    { cause: error },
  );
}

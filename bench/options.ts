import { parseArgs } from "node:util";

/** The parts that can be measured separately. The last one runs only on request: it creates many accounts first. */
export const parts = ["restarts", "logins", "pages", "rest", "attacks", "timing", "users"] as const;
export type Part = (typeof parts)[number];

export type Options = Readonly<{ parts: ReadonlySet<Part>; users: number }>;

/** The number of accounts to which the limits apply. */
const DEFAULT_USERS = 1_000_000;
export const MIN_USERS = 1_000;
const MAX_USERS = 10_000_000;

/** Thrown for an invalid command line. */
class OptionError extends Error {
  readonly hasUserMessage = true;
}

function isPart(name: string): name is Part {
  return (parts as readonly string[]).includes(name);
}

function usersOf(text: string): number {
  const users = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (users >= MIN_USERS && users <= MAX_USERS) return users;
  throw new OptionError(`--users must be a whole number from ${MIN_USERS} to ${MAX_USERS}.`);
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { users: { type: "string" } } });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Parses `npm run bench -- [part …] [--users N]`. Without parts it chooses all but `users`, which `--users` adds.
 *
 * @throws an error for the person at the terminal
 */
export function readOptions(args: readonly string[]): Options {
  const { positionals, values } = read(args);
  const unknown = positionals.filter((name) => !isPart(name));
  if (unknown.length > 0)
    throw new OptionError(`There is no part ${unknown.join(", ")}. There are: ${parts.join(", ")}.`);
  const named = positionals.filter(isPart);
  const chosen = new Set(named.length > 0 ? named : parts.filter((part) => part !== "users"));
  if (values.users !== undefined) chosen.add("users");
  return { parts: chosen, users: usersOf(values.users ?? String(DEFAULT_USERS)) };
}

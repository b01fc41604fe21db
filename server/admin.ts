import { parseArgs } from "node:util";
import { operator } from "@/lib/core/actor";
import { closeDatabase, openDatabaseForCommand } from "@/lib/core/db";
import { emailSchema } from "@/lib/core/email/schema";
import { parseEnv } from "@/lib/core/env";
import { isDatabaseAway } from "@/lib/core/errors";
import { timeWords } from "@/lib/core/utc-words";
import { rescueCreate, rescueLink, rescueUnlock } from "@/lib/rescue/service/accounts";
import { rescueResetPanel, rescueShowSettings } from "@/lib/rescue/service/settings";
import { panels } from "@/lib/settings/schema";
import { authoritySchema } from "@/lib/users/schema";
import { dataFolder } from "./data-folder";
import { findEmbeddedDatabase } from "./embedded-database";
import { unreadEnvFile } from "./env-file";
import { requireMigrated } from "./migrations";
import { replaceSecretKey } from "./rotate-secret-key";
import { hasUserMessage, StartupError } from "./startup-error";

const USAGE = `Usage: npm run admin -- COMMAND

  create EMAIL [--authority SYS_ADMIN]   invite a user; prints a link for choosing a password
  unlock EMAIL                           unlock an account
  reset-link EMAIL                       print a link for choosing a new password
  settings show                          print the current settings
  settings reset ${panels.join("|")}    reset a panel to its defaults; the issuer name stays
  secret-key rotate                      replace SECRET_KEY with NEW_SECRET_KEY; only while no server runs

All but the last work beside a running server. They need the server's environment. The audit log records what they
change, and the links that they print, as done on the host.`;

const refusals = {
  taken: "An account with this address already exists.",
  "unknown-account": "There is no account with this address.",
  "not-locked": "This account is not locked.",
  disabled: "This account is disabled. Enable it in the console first.",
} as const;

type Command = () => Promise<void>;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Names what was not understood, above the usage. */
function unknown(what: "command" | "panel", words: string): StartupError {
  return new StartupError(`Unknown ${what}: ${words}\n\n${USAGE}`);
}

/** Says what a command lacks, above the usage. */
function incomplete(command: string, options: readonly string[]): StartupError {
  return new StartupError(`${command} needs one of: ${options.join(", ")}\n\n${USAGE}`);
}

function emailOf(text: string | undefined): string {
  const parsed = emailSchema.safeParse(text ?? "");
  if (!parsed.success) throw new StartupError(`${parsed.error.issues[0]?.message}\n\n${USAGE}`);
  return parsed.data;
}

function requireOk<Result extends { ok: true } | { ok: false; code: keyof typeof refusals }>(
  result: Result,
): Extract<Result, { ok: true }> {
  if (!result.ok) throw new StartupError(refusals[result.code]);
  return result as Extract<Result, { ok: true }>;
}

function sayLink({ url, expiresAt }: { url: string; expiresAt: Date }): void {
  say(`This link works once, until ${timeWords(expiresAt.toISOString())}:\n  ${url}`);
  // Without the server's environment, the link may point to an address where no server listens.
  if (process.env.BASE_URL === undefined && process.env.PORT === undefined)
    say(
      `If the server is not at ${new URL(url).origin}, set its BASE_URL or PORT here too, and run the command again.`,
    );
}

async function showSettings(): Promise<void> {
  const shown = Object.entries(await rescueShowSettings(operator)).map(
    ([panel, { version, values, damaged }]) => [
      panel,
      { version, values, ...(damaged.length > 0 && { damaged }) },
    ],
  );
  say(JSON.stringify(Object.fromEntries(shown), null, 2));
}

function settings(action: string | undefined, name: string | undefined): Command {
  if (action === "show") return showSettings;
  if (action === undefined) throw incomplete("settings", ["show", "reset"]);
  if (action !== "reset") throw unknown("command", `settings ${action}`);
  if (name === undefined) throw incomplete("settings reset", panels);
  const panel = panels.find((known) => known === name);
  if (!panel) throw unknown("panel", name);
  return async () => {
    await rescueResetPanel(operator, panel);
    const what = panel === "jwt" ? "The jwt settings, except the issuer name," : `The ${panel} settings`;
    say(`${what} are back at their defaults and in effect now.`);
  };
}

/** Refuses surplus arguments: the operator meant something else, and half of it must not be done. */
function refuseExcess(given: string[], most: number): void {
  const [first] = given.slice(most);
  if (first !== undefined) throw new StartupError(`Unexpected argument: ${first}\n\n${USAGE}`);
}

/** Returns what is asked for, not yet begun. @throws StartupError, or that of `parseArgs`, for whatever is not understood */
function understand(args: string[]): Command {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { authority: { type: "string" } },
  });
  const [command = "", subject, name] = positionals;
  refuseExcess(positionals, command === "settings" && subject === "reset" ? 3 : 2);
  if (values.authority !== undefined && command !== "create")
    throw new StartupError(`--authority works only with create.\n\n${USAGE}`);
  switch (command) {
    case "create": {
      const authority = authoritySchema.safeParse(values.authority ?? "SYS_ADMIN");
      if (!authority.success) {
        const known = authoritySchema.options.join(", ");
        throw new StartupError(`Unknown authority: ${values.authority}. There are: ${known}.\n\n${USAGE}`);
      }
      const input = { email: emailOf(subject), authority: authority.data };
      return async () => sayLink(requireOk(await rescueCreate(operator, input)).link);
    }
    case "unlock": {
      const email = emailOf(subject);
      return async () => {
        requireOk(await rescueUnlock(operator, { email }));
        say("Unlocked.");
      };
    }
    case "reset-link": {
      const email = emailOf(subject);
      return async () => sayLink(requireOk(await rescueLink(operator, { email })).link);
    }
    case "settings":
      return settings(subject, name);
    case "secret-key":
      if (subject === undefined) throw incomplete("secret-key", ["rotate"]);
      if (subject !== "rotate") throw unknown("command", `secret-key ${subject}`);
      return async () => say(await replaceSecretKey(parseEnv(process.env)));
    default:
      throw unknown("command", command);
  }
}

/** Finds the running server's database: DATABASE_URL, or the embedded database of the data folder. */
async function findDatabase(): Promise<string> {
  const given = parseEnv(process.env);
  if (given.DATABASE_URL !== undefined) return given.DATABASE_URL;
  const embedded = await findEmbeddedDatabase(given.DATA_DIR);
  if (!embedded) {
    throw new StartupError(
      `No server is running on ${dataFolder(given.DATA_DIR).root}. Start it with npm start, or set DATA_DIR.`,
    );
  }
  process.env.DATABASE_URL = embedded.url;
  process.env.SECRET_KEY = embedded.secretKey;
  return embedded.url;
}

/** Describes an error to the person at the terminal: a message if it was foreseen, otherwise its stack. */
function describeError(error: unknown): string | undefined {
  if (hasUserMessage(error)) return error.message;
  const { message, stack, code } = error as Error & { code?: string };
  if (code?.startsWith("ERR_PARSE_ARGS")) return `${message}\n\n${USAGE}`;
  return isDatabaseAway(error)
    ? "The connection to the database was lost. Check what was done, and try again."
    : stack;
}

/** Runs one rescue command. Exits with 1 and a plain message when it fails. */
export async function main(args: string[]): Promise<void> {
  try {
    if (args.length === 0) throw new StartupError(USAGE);
    if (args[0] === "help" || args.includes("--help") || args.includes("-h")) return say(USAGE);
    const command = understand(args);
    const hint = await unreadEnvFile("scripts/admin.js");
    if (hint !== null) process.stderr.write(`${hint}\n`);
    // That command opens its database itself, while no server may use it.
    if (args[0] !== "secret-key") {
      await requireMigrated(await findDatabase());
      openDatabaseForCommand();
    }
    await command();
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
  } finally {
    await closeDatabase();
  }
}

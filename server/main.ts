import { createServer, type Server } from "node:net";
import path from "node:path";
import { type Provisioned, provision } from "@/lib/accounts/service/provision";
import { beginBackground, endBackground } from "@/lib/core/background";
import { closeDatabase } from "@/lib/core/db";
import { type GivenEnv, parseEnv } from "@/lib/core/env";
import { untilPagesAreLoaded } from "@/lib/core/loaded-pages";
import { log } from "@/lib/core/log";
import { timeWords } from "@/lib/core/utc-words";
import { serveAssets } from "./assets";
import { watchClock } from "./clock";
import { dataFolder } from "./data-folder";
import { requireUnservedFolder, startEmbeddedDatabase } from "./embedded-database";
import { unreadEnvFile } from "./env-file";
import { createFront } from "./http";
import { migrate } from "./migrations";
import { readPostmaster } from "./postgres-process";
import { holdSealingLock } from "./sealing";
import { loadNext, prepareConsole } from "./serve-console";
import { drain, Shutdown } from "./shutdown";
import { hasUserMessage, StartupError } from "./startup-error";
import { logUncaughtErrors } from "./uncaught-errors";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function listen(server: Server, { PORT, HOST }: GivenEnv): Promise<void> {
  const notOurs = `HOST ${HOST} is not an address of this machine.`;
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${PORT} is already in use. Set PORT to another port, or stop the program that uses it.`,
    EACCES: `This user cannot listen on port ${PORT}. Set PORT to a port above 1023.`,
    EADDRNOTAVAIL: notOurs,
    ENOTFOUND: notOurs,
    EAI_AGAIN: `HOST ${HOST} cannot be looked up now. Set it to an IP address, such as 127.0.0.1 or 0.0.0.0.`,
    // An address of IPv6 that is valid on one network interface only.
    EINVAL: `HOST ${HOST} cannot be listened on. Set it to another address, such as 127.0.0.1, 0.0.0.0 or ::.`,
    EAFNOSUPPORT: `HOST ${HOST} is an address of IPv6, which this machine does not have. Set it to 127.0.0.1 or 0.0.0.0.`,
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new StartupError(problems[error.code ?? ""] ?? error.message, { cause: error }));
    });
    server.listen({ port: PORT, host: HOST }, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", (err) => log().error({ event: "http-server-failed", err }));
}

/**
 * Checks that the port can be listened on, before anything is created or changed. Not if the embedded database runs
 * already: the server that has the port may be the one that runs it, and taking the database says so, which helps more.
 * @throws StartupError
 */
async function requireFreePort(given: GivenEnv): Promise<void> {
  const { cluster } = dataFolder(given.DATA_DIR);
  if (given.DATABASE_URL === undefined && (await readPostmaster(cluster)) !== null) return;
  const server = createServer();
  await listen(server, given);
  await new Promise((resolve) => server.close(resolve));
}

/**
 * Returns what would keep the server from starting, as far as it can be known without starting a database; null if
 * nothing. A server that runs already would lose its console to the build that comes next.
 * @throws whatever is no mistake of the operator's
 */
export async function problemBeforeStart(): Promise<string | null> {
  try {
    const given = parseEnv(process.env);
    if (given.DATABASE_URL === undefined) await requireUnservedFolder(given.DATA_DIR);
    await requireFreePort(given);
    return null;
  } catch (error) {
    if (!hasUserMessage(error)) throw error;
    const hint = await unreadEnvFile("scripts/start.js");
    return hint === null ? error.message : `${hint}\n\n${error.message}`;
  }
}

/** Opens the database; its URL and the sealing key go to `process.env`, where the rest of the process reads them. */
async function openDatabase(given: GivenEnv, shutdown: Shutdown): Promise<string> {
  const end = (event: string, err: unknown) => {
    log().fatal({ event, err });
    void shutdown.exit(1);
  };
  const { DATABASE_URL, SECRET_KEY } = given;
  if (DATABASE_URL !== undefined && SECRET_KEY !== undefined) {
    const onLost = (err: unknown) => end("secret-key-replaced", err);
    shutdown.add("sealing", await holdSealingLock(DATABASE_URL, { secretKey: SECRET_KEY, onLost }));
    return DATABASE_URL;
  }
  const embedded = await startEmbeddedDatabase(given.DATA_DIR, {
    ...(given.SECRET_KEY && { secretKey: given.SECRET_KEY }),
    onTrouble: (event, err) => log().warn({ event, ...(err !== null && { err }) }),
    onLost: (err) => end("data-folder-lost", err),
  });
  shutdown.add("embedded database", embedded.stop);
  process.env.DATABASE_URL = embedded.url;
  process.env.SECRET_KEY = embedded.secretKey;
  return embedded.url;
}

function sayHowToLogIn(provisioned: Provisioned): void {
  const { activationLink, adminEmail, hasGivenPassword, ignoresGivenAdministrator } = provisioned;
  if (activationLink !== null) {
    say(`\nThe first administrator is ${adminEmail} and chooses a password with this link:`);
    say(`  ${activationLink.url}`);
    say(`It works once, until ${timeWords(activationLink.expiresAt.toISOString())}.`);
  } else if (hasGivenPassword) {
    say(`\nThe first administrator is ${adminEmail}, with the password from ADMIN_PASSWORD.`);
  }
  if (ignoresGivenAdministrator) {
    say(
      "\nThis database has an administrator already, so ADMIN_EMAIL and ADMIN_PASSWORD change nothing; they can be removed.",
    );
  }
}

async function start(isDev: boolean, shutdown: Shutdown): Promise<void> {
  const given = parseEnv(process.env);
  await requireFreePort(given);
  const loading = loadNext();
  const url = await openDatabase(given, shutdown);
  const applied = await migrate(url, undefined, shutdown.asked);
  if (applied.length > 0) log().info({ event: "migrated", applied });
  shutdown.asked.throwIfAborted();
  shutdown.add("database connections", closeDatabase);
  const provisioned = await provision();
  // The console's bundle has its own copy of the Prisma client; it would find this one, if open, and use it.
  await closeDatabase();

  const { HOST, PORT, BASE_URL, TRUST_PROXY } = given;
  // instrumentation.ts registers the jobs while the console is being prepared, or after it.
  shutdown.add("background work", endBackground);
  const app = await prepareConsole(await loading, { isDev, hostname: HOST, port: PORT });
  shutdown.add("console", app.close);
  // The development server changes these files at any time.
  const handle = isDev ? app.handle : await serveAssets(path.resolve(".next/static"), app.handle);
  const server = createFront(
    { handle, upgrade: app.upgrade },
    { baseUrl: BASE_URL, trustedProxies: TRUST_PROXY, isDev },
  );
  const isLoaded = isDev || (await untilPagesAreLoaded(shutdown.asked));
  shutdown.asked.throwIfAborted();
  if (!isLoaded) {
    throw new StartupError(
      "The console could not be loaded: its build is damaged. Delete the folder .next, and start again.",
    );
  }
  await listen(server, given);
  shutdown.add("http server", () => drain(server));
  beginBackground();

  say(`\nGatehouse is at ${BASE_URL}${isDev ? " (development)" : ""}`);
  sayHowToLogIn(provisioned);
  say("\nCtrl-C stops it.\n");
  watchClock();
  log().info({ event: "listening", host: HOST, port: PORT, baseUrl: BASE_URL });
}

/** Runs the product in this process until a signal ends it. Exits with 1 and a plain message when it cannot start. */
export async function main({ isDev }: { isDev: boolean }): Promise<void> {
  const hint = await unreadEnvFile(`scripts/start.js${isDev ? " --dev" : ""}`);
  if (hint !== null) say(hint);
  const shutdown = new Shutdown();
  const starting = start(isDev, shutdown);
  shutdown.onSignal(starting, say);
  try {
    // Comes before anything is logged: the log reads its level from the environment, which may be invalid.
    parseEnv(process.env);
    logUncaughtErrors({ isDev, onFatal: () => void shutdown.exit(1) });
    await starting;
  } catch (error) {
    if (shutdown.hasBegun || error === shutdown.asked.reason) return;
    const text = hasUserMessage(error) ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${text}\n`);
    await shutdown.exit(1);
  }
}

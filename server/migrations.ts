import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { CONNECTION_SETTINGS } from "@/lib/core/connection-settings";
import { codeOf } from "@/lib/core/errors";
import { clientFor, connectTo } from "./connect-to";
import { MIGRATION_LOCK } from "./server-lock";
import { StartupError } from "./startup-error";

/** The folder of the migrations. */
const FOLDER = path.resolve("prisma/migrations");

/** A migration as read from that folder. */
type Migration = Readonly<{ name: string; sql: string; checksum: string }>;

/** Waits for another process's migrations, and lifts the role's own statement timeout: a large table takes long. */
const MIGRATION_SESSION_SETTINGS = `${CONNECTION_SETTINGS}; SET lock_timeout = '2min'; SET statement_timeout = 0`;
/** The advisory lock that Prisma's engine holds while it migrates. */
const ENGINE_LOCK = 72_707_369;

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

type Applied = Readonly<{ name: string; checksum: string; isFinished: boolean; logs: string }>;

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const query = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished",
      coalesce(logs, '') AS logs
    FROM _prisma_migrations WHERE rolled_back_at IS NULL`;
  try {
    return (await client.query<Applied>(query)).rows;
  } catch (error) {
    if (codeOf(error) === "42P01") return []; // no such table: a fresh database
    throw error;
  }
}

/** Returns what is not applied yet. @throws StartupError for an applied migration that is unknown, edited or cut off */
function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const ours = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, isFinished, logs } of applied) {
    if (!isFinished) {
      throw new StartupError(
        `The migration ${name} was started by Prisma's command line or an earlier version, and did not finish. Check ` +
          "whether its changes are in the database. If they are, run, with DATABASE_URL set:\n" +
          `  npx prisma migrate resolve --applied ${name}\nIf they are not, run:\n` +
          `  npx prisma migrate resolve --rolled-back ${name}\n${logs.slice(0, 1000)}`,
      );
    }
    const own = ours.get(name);
    if (own === undefined) {
      if (!applied.some((known) => ours.has(known.name))) {
        throw new StartupError(
          `The database has the migration ${name} of another program, so its tables are not Gatehouse's. Use a database of its own. Nothing was changed.`,
        );
      }
      throw new StartupError(
        `The database has the migration ${name}, which this version of Gatehouse does not know: it was applied by a newer version. Nothing was changed.`,
      );
    }
    if (own.checksum !== checksum) {
      throw new StartupError(
        `The migration ${name} was edited after it had been applied. Restore the file, and write a new migration with: npm run db:migration -- name`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

function openClient(url: string): pg.Client {
  const client = clientFor(url, { application_name: "gatehouse migrate" });
  client.on("error", () => undefined);
  return client;
}

/**
 * Checks that a database exists and has this version's schema, for commands that run beside a server.
 * @throws StartupError if it does not
 */
export async function requireMigrated(url: string): Promise<void> {
  const client = openClient(url);
  const [migrations] = await Promise.all([readMigrations(FOLDER), connectTo(client)]);
  try {
    if (pendingOf(migrations, await readApplied(client)).length === 0) return;
    throw new StartupError(
      "The database has not been migrated to this version yet. Start the server first: npm start",
    );
  } finally {
    await client.end();
  }
}

/**
 * Holds for every start: a dump may have been restored into another database than the first start would have accepted.
 * @throws StartupError if the database creates tables outside of `public`, or is not in UTF8
 */
async function requireSuitableDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string | null; encoding: string }>(
    "SELECT current_schema() AS schema, current_setting('server_encoding') AS encoding",
  );
  const [{ schema, encoding } = { schema: "public", encoding: "UTF8" }] = rows;
  if (schema !== "public") {
    throw new StartupError(
      `Gatehouse keeps its tables in the schema public, but the search_path of DATABASE_URL's user leads to ${schema ?? "no schema that exists"}. ` +
        "Use a database of its own, with PostgreSQL's default search_path. Nothing was changed.",
    );
  }
  if (encoding !== "UTF8") {
    throw new StartupError(
      `The database ${client.database} has the encoding ${encoding}, which cannot represent every name. ` +
        "Use one created with: createdb --encoding=UTF8 --template=template0. Nothing was changed.",
    );
  }
}

/** @throws StartupError if the database, to which no migration was applied, has tables */
async function requireEmptyDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LIMIT 1",
  );
  if (rowCount === 0) return;
  throw new StartupError(
    `The database ${client.database} is not empty, and its tables are not Gatehouse's. Use a database of its own. Nothing was changed.`,
  );
}

/**
 * Applies the pending migrations with Prisma's engine, each together with the engine's own record of it in one
 * transaction: if it fails, or this process is killed, the database has neither.
 * @returns those that it applied: all of them, unless it was stopped
 */
async function apply(
  url: string,
  folder: string,
  { migrations, pending }: Readonly<{ migrations: readonly Migration[]; pending: readonly Migration[] }>,
  stop: AbortSignal | undefined,
): Promise<readonly Migration[]> {
  const content = await readFile(path.join(folder, "migration_lock.toml"), "utf8");
  // Loaded lazily: 5 MB of WebAssembly that a start with nothing pending does not need.
  const { openSchemaEngine } = await import("../prisma/engine/schema-engine.mjs");
  const { engine, query, atomically, close } = await openSchemaEngine(url);
  try {
    await query(MIGRATION_SESSION_SETTINGS);
    // The engine itself waits only ten seconds for it; PostgreSQL may still be running a killed process's migration.
    await query(`SELECT pg_advisory_lock(${ENGINE_LOCK})`);
    for (const [place, { name }] of pending.entries()) {
      if (stop?.aborted) return pending.slice(0, place);
      const upToThis = migrations.slice(0, migrations.findIndex((migration) => migration.name === name) + 1);
      const migrationsList = {
        baseDir: folder,
        lockfile: { path: "migration_lock.toml", content },
        shadowDbInitScript: "",
        migrationDirectories: upToThis.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
        })),
      };
      const filters = { externalTables: [], externalEnums: [] };
      try {
        await atomically(() => engine.applyMigrations({ migrationsList, filters }));
      } catch (error) {
        const outcome =
          place === 0
            ? "failed. Nothing was changed."
            : "failed and changed nothing, but those before it are applied, so an earlier version no longer starts.";
        throw migrationError(error, ` The migration ${name} ${outcome}`);
      }
    }
    return pending;
  } finally {
    await close();
  }
}

/** What to do about errors of PostgreSQL that do not say it themselves. */
const adviceOn: readonly (readonly [RegExp, string])[] = [
  [
    // It is not installed, may not be created by this user, or is in a schema that the user's search_path lacks.
    /pg_trgm|gin_trgm_ops/,
    "\nThe database needs the extension pg_trgm in the schema public. As an administrator of PostgreSQL, install it " +
      "(some distributions have it in a package named contrib), and run in this database: CREATE EXTENSION pg_trgm SCHEMA public " +
      "(if it is in another schema: ALTER EXTENSION pg_trgm SET SCHEMA public). Then start again.",
  ],
  [
    /permission denied|must be owner/,
    "\nThe user of DATABASE_URL must own the database and everything in it.",
  ],
  [
    /lock timeout/,
    "\nAnother session used the database for too long, such as pg_dump, or another server's migration. Start again when it has ended.",
  ],
];

function migrationError(error: unknown, where = ""): StartupError {
  const message = error instanceof Error ? error.message : String(error);
  // The rest is a stack trace of the engine's own source.
  const [reason] = message.split(/\n\s+0: /, 1);
  const advice = adviceOn.find(([pattern]) => pattern.test(reason ?? ""))?.[1] ?? "";
  return new StartupError(`The database could not be migrated to this version.${where}\n${reason}${advice}`, {
    cause: error,
  });
}

/**
 * Migrates the database to this version's schema, in process; costs three queries when nothing is pending. Any number of
 * processes may call it on one database at once.
 *
 * @param stop aborted when the process is to end: then the migration under way is the last one
 * @returns the names of the migrations that this process applied
 * @throws StartupError for a history that is not ours, and for a migration that fails
 */
export async function migrate(url: string, folder = FOLDER, stop?: AbortSignal): Promise<string[]> {
  const client = openClient(url);
  const [migrations] = await Promise.all([readMigrations(folder), connectTo(client)]);
  try {
    await requireSuitableDatabase(client);
    const applied = await readApplied(client);
    // Another process may be running an unfinished migration; only the holder of the lock can tell that it has failed.
    const isSettled = applied.every(({ isFinished }) => isFinished);
    if (isSettled && pendingOf(migrations, applied).length === 0) return [];
    await client.query(MIGRATION_SESSION_SETTINGS);
    await client.query("SELECT pg_advisory_lock($1, $2)", [...MIGRATION_LOCK]);
    const before = await readApplied(client);
    const pending = pendingOf(migrations, before);
    if (before.length === 0) await requireEmptyDatabase(client);
    if (pending.length === 0) return [];
    const done = await apply(url, folder, { migrations, pending }, stop);
    return done.map(({ name }) => name);
  } catch (error) {
    throw error instanceof StartupError ? error : migrationError(error);
  } finally {
    await client.end();
  }
}

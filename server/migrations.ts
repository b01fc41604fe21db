import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { connectTo } from "./connect-to";
import { MIGRATION_LOCK } from "./server-lock";
import { StartupError } from "./startup-error";

/** A migration as it lies in `prisma/migrations`. */
type Migration = Readonly<{ name: string; sql: string; checksum: string }>;

const LOCK_WAIT_MS = 120_000;

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
    if ((error as { code?: unknown }).code === "42P01") return []; // no such table: a fresh database
    throw error;
  }
}

/** @throws StartupError where the database's history is not a beginning of ours */
function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const ours = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, isFinished, logs } of applied) {
    if (!isFinished) {
      throw new StartupError(
        `The migration ${name} failed when it was applied, and the database waits for you. Repair what it complains of, ` +
          `then run: npx prisma migrate resolve --rolled-back ${name}\n${logs.slice(0, 1000)}`,
      );
    }
    const own = ours.get(name);
    if (own === undefined) {
      throw new StartupError(
        `The database has the migration ${name}, which this version of Gatehouse does not know: it was made by a newer one. Nothing was changed.`,
      );
    }
    if (own.checksum !== checksum) {
      throw new StartupError(
        `The migration ${name} was edited after it had been applied. Put the file back, and write a new migration with: npm run db:migration -- name`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

function clientFor(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: "gatehouse migrate",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => undefined);
  return client;
}

/**
 * Looks whether a database is there and has this version's shape, for whoever works beside a server.
 * @throws StartupError
 */
export async function requireMigrated(url: string, folder: string): Promise<void> {
  const client = clientFor(url);
  const [migrations] = await Promise.all([readMigrations(folder), connectTo(client)]);
  try {
    if (pendingOf(migrations, await readApplied(client)).length === 0) return;
    throw new StartupError(
      "The database has not this version's shape yet. Start the server first: npm start",
    );
  } finally {
    await client.end();
  }
}

async function apply(url: string, folder: string, migrations: readonly Migration[]): Promise<void> {
  const lockfile = await readFile(path.join(folder, "migration_lock.toml"), "utf8");
  // Loaded late: 5 MB of WebAssembly that a start with nothing to do never needs.
  const { openSchemaEngine } = await import("../prisma/engine/schema-engine.mjs");
  const { engine, close } = await openSchemaEngine(url);
  try {
    await engine.applyMigrations({
      migrationsList: {
        baseDir: folder,
        lockfile: { path: "migration_lock.toml", content: lockfile },
        shadowDbInitScript: "",
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    });
  } finally {
    await close();
  }
}

/**
 * Brings the database to this version's shape, in process; a look of one query where nothing is to be done. Any
 * number of processes may call it on one database at once.
 *
 * @param folder `prisma/migrations`
 * @returns the names of what was applied, by this process
 * @throws StartupError for a history that is not ours, and for a migration that fails
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const client = clientFor(url);
  const [migrations] = await Promise.all([readMigrations(folder), connectTo(client)]);
  try {
    const applied = await readApplied(client);
    // What is not finished may be what another process is at; only who holds the lock can tell that it has failed.
    const isSettled = applied.every(({ isFinished }) => isFinished);
    if (isSettled && pendingOf(migrations, applied).length === 0) return [];
    await client.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
    await client.query("SELECT pg_advisory_lock($1, $2)", [...MIGRATION_LOCK]);
    const pending = pendingOf(migrations, await readApplied(client)).map(({ name }) => name);
    if (pending.length === 0) return [];
    try {
      await apply(url, folder, migrations);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // What follows is where in the engine's own source it happened; and, of use, with which migration.
      const [reason] = message.split(/\n\s+0: /, 1);
      const name = /migration_name="([^"]+)"/.exec(message)?.[1];
      const where = name === undefined ? "" : ` The migration ${name} failed.`;
      throw new StartupError(
        `The database could not be brought to this version's shape.${where}\n${reason}`,
        { cause: error },
      );
    }
    return pending;
  } finally {
    await client.end();
  }
}

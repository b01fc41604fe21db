import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { salvagePanel } from "@/lib/settings/salvage";
import { allPanels, type Panel } from "@/lib/settings/schema";
import { openSchemaEngine } from "@/prisma/engine/schema-engine.mjs";
import { migrate } from "@/server/migrations";
import { MIGRATION_LOCK } from "@/server/server-lock";
import { startThrowawayDatabase, type ThrowawayDatabase } from "@/server/throwaway-database";

const FOLDER = path.resolve("prisma/migrations");
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** The settings exactly as the first version stored them; a migration must add every newer field. */
const FIRST_SETTINGS = {
  general: {
    maxFailedLoginAttempts: 7,
    userLockoutNotificationEmail: "ops@example.org",
    userActivationTokenTtl: 24,
    passwordResetTokenTtl: 24,
    mobileSecretKeyLength: 64,
    lockoutDurationMinutes: 30,
    notifyOwnerOnLockout: true,
    loginAttemptsPerAddressPerMinute: 60,
  },
  password: {
    minimumLength: 12,
    maximumLength: 128,
    minimumUppercaseLetters: 0,
    minimumLowercaseLetters: 0,
    minimumDigits: 0,
    minimumSpecialCharacters: 0,
    passwordExpirationPeriodDays: 0,
    passwordReuseFrequencyDays: 0,
    allowWhitespaces: true,
    forceUserToResetPasswordIfNotValid: false,
  },
  jwt: { tokenIssuer: "gatehouse", tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 },
  mail: { host: null, port: 587, tls: "starttls", user: null, fromAddress: null },
};

/** A few rows for every table, as the first version stored them. */
const FIRST_VERSION = `
  INSERT INTO users (id, email, email_key, authority, state, password_hash, password_set_at)
    VALUES ('00000000-0000-4000-8000-000000000001', 'Ada@example.org', 'ada@example.org', 'SYS_ADMIN', 'ACTIVE', 'h', now());
  INSERT INTO signing_keys (kid, issuer, sealed_key, fingerprint, bits, created_at)
    VALUES ('00000000-0000-4000-8000-000000000002', 'gatehouse', 'v1.x', 'a:b', 512, now());
  INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
    VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', 'BROWSER',
      '00000000-0000-4000-8000-000000000002', now(), now(), now(), now(), now(), '::1', '');
  INSERT INTO settings_revisions
    SELECT key, 1, value, now(), 'host' FROM jsonb_each('${JSON.stringify(FIRST_SETTINGS)}');
  INSERT INTO outbox_messages (id, kind, recipient, sealed_payload, created_at)
    VALUES ('00000000-0000-4000-8000-000000000004', 'account-locked', 'ops@example.org', 'v1.x', now());
  INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
    VALUES (now(), 'login-failed', '', 'ada@example.org', '::1', '', '', '{"reason": "wrong-password"}')`;

let postgres: ThrowawayDatabase;
let admin: pg.Client;
let url: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  postgres = await startThrowawayDatabase();
  admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await postgres?.stop();
});

beforeEach(async () => {
  count += 1;
  await admin.query(`CREATE DATABASE migrations_${count}`);
  url = postgres.urlOf(`migrations_${count}`);
  folder = await mkdtemp(path.join(tmpdir(), "gatehouse-migrations-"));
  await cp(FOLDER, folder, { recursive: true });
  return () => rm(folder, { recursive: true, force: true });
});

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function plant(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, "migration.sql"), sql);
}

function prisma(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: "1" };
  return promisify(execFile)(process.execPath, ["node_modules/prisma/build/index.js", ...args], { env });
}

async function names(): Promise<string[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

describe("migrations", () => {
  it("are applied in process, once", async () => {
    expect(await migrate(url)).toEqual(await names());
    expect(await migrate(url)).toEqual([]);
    expect(await query("SELECT relpersistence FROM pg_class WHERE relname = 'rate_limits'")).toEqual([
      { relpersistence: "u" },
    ]);
  });

  it("are applied once by many processes at once", async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
    expect(applied.flat()).toEqual(await names());
  });

  it("that another process is in the middle of are waited for, and not taken for failed ones", async () => {
    await migrate(url);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query("SELECT pg_advisory_lock($1, $2)", [...MIGRATION_LOCK]);
    await other.query("UPDATE _prisma_migrations SET finished_at = NULL");
    const late = migrate(url);
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`;
    const rows = async () => (await other.query(waiting)).rowCount;
    await Promise.race([late, expect.poll(rows).toBe(1)]);
    await other.query("UPDATE _prisma_migrations SET finished_at = now()");
    await other.end();
    expect(await late).toEqual([]);
  });

  it("are applied by Prisma's command line, and each way knows the other's work", async () => {
    expect((await prisma("migrate", "deploy")).stdout).toMatch(/successfully applied/);
    expect(await migrate(url)).toEqual([]);
    expect((await prisma("migrate", "status")).stdout).toMatch(/up to date/);
  });

  it("lead to the shape of schema.prisma", async () => {
    await migrate(url);
    const content = await readFile("prisma/schema.prisma", "utf8");
    const { engine, close } = await openSchemaEngine(url);
    const files = [{ path: "schema.prisma", content }];
    const { stdout } = await engine
      .diff({
        from: { tag: "schemaDatasource", files, configDir: "prisma" },
        to: { tag: "schemaDatamodel", files },
        script: true,
        exitCode: null,
        filters: NO_FILTERS,
      })
      .finally(close);
    expect(stdout).toMatch(/^(?:-- This is an empty migration\.)?\s*$/);
  });

  it("give each foreign key an index, without which a deletion reads the whole table", async () => {
    await migrate(url);
    const keys = `SELECT conrelid::regclass::text AS "table", conname AS key, EXISTS (
        SELECT FROM pg_index WHERE indrelid = conrelid AND indpred IS NULL AND indkey[0] = conkey[1]) AS indexed
      FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2`;
    const found = await query(keys);
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter(({ indexed }) => !indexed)).toEqual([]);
  });

  describe("from a database of the first version", () => {
    let later: string[];

    beforeEach(async () => {
      const [first = "", ...others] = await names();
      later = others;
      for (const name of later) await rm(path.join(folder, name), { recursive: true });
      expect(await migrate(url, folder)).toEqual([first]);
      await query(FIRST_VERSION);
    });

    it("keep what it holds", async () => {
      const tables = [
        "users",
        "sessions",
        "signing_keys",
        "settings_revisions",
        "outbox_messages",
        "audit_events",
      ];
      const stored = async () => {
        const rows: Record<string, unknown>[][] = [];
        for (const table of tables) rows.push(await query(`SELECT * FROM ${table} ORDER BY 1, 2`));
        return rows;
      };
      const before = await stored();
      expect(await migrate(url)).toEqual(later);
      const after = await stored();
      for (const [index, rows] of before.entries()) {
        expect(rows.length, tables[index]).toBeGreaterThan(0);
        expect(after[index], tables[index]).toMatchObject(rows);
      }
    });

    it("leave no field of its settings to be taken for damaged", async () => {
      await migrate(url);
      const rows = await query('SELECT panel, "values" FROM settings_revisions ORDER BY panel');
      const damaged = rows.map(({ panel, values }) => [panel, salvagePanel(panel as Panel, values).damaged]);
      expect(damaged).toEqual([...allPanels].sort().map((panel) => [panel, []]));
    });
  });

  it("may hold semicolons anywhere, and happen whole or not at all", async () => {
    await plant(
      "20990101000000_function",
      `CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END $$; -- a; b`,
    );
    await migrate(url, folder);
    expect(await query("SELECT f()")).toEqual([{ f: "a;b" }]);
    await plant("20990102000000_broken", "CREATE TABLE half (); SELECT 1 / 0;");
    await expect(migrate(url, folder)).rejects.toThrow(/division by zero/);
    expect(await query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  it("that failed are tried again by the next start", async () => {
    await plant("20990101000000_broken", "CREATE TABLE half (); SELECT 1 / 0;");
    await expect(migrate(url, folder)).rejects.toThrow(/20990101000000_broken failed .*\ndivision by zero/);
    const failed = /20990101000000_broken failed\. Nothing was changed\.\ndivision by zero/;
    await expect(migrate(url, folder)).rejects.toThrow(failed);
    await plant("20990101000000_broken", "CREATE TABLE half ();");
    expect(await migrate(url, folder)).toEqual(["20990101000000_broken"]);
  });

  it("that are cut off happen not at all, and the next start does them", async () => {
    await migrate(url, folder);
    await plant("20990101000000_long", "CREATE TABLE long (); LOCK TABLE users IN ACCESS EXCLUSIVE MODE;");
    // Holds the lock that pg_dump takes, so that the migration waits.
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    const cutOff = expect(migrate(url, folder)).rejects.toThrow(
      /terminating connection|Connection terminated/,
    );
    const migrating = `FROM pg_stat_activity
      WHERE datname = 'migrations_${count}' AND application_name = 'gatehouse migrate' AND wait_event = 'relation'`;
    await expect.poll(async () => (await admin.query(`SELECT ${migrating}`)).rowCount).toBe(1);
    await admin.query(`SELECT pg_terminate_backend(pid) ${migrating}`);
    await cutOff;
    await reader.end();
    expect(await query("SELECT to_regclass('long') AS long")).toEqual([{ long: null }]);
    expect(await migrate(url, folder)).toEqual(["20990101000000_long"]);
    expect((await prisma("migrate", "status")).stdout).not.toMatch(/failed/);
  });

  it("say whom to wait for when another session has a table for too long", async () => {
    await migrate(url, folder);
    await plant("20990101000000_table", "SET LOCAL lock_timeout = 1; LOCK TABLE users;");
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    await expect(migrate(url, folder)).rejects.toThrow(/lock timeout\nAnother session used the database/);
    await reader.end();
    expect(await migrate(url, folder)).toEqual(["20990101000000_table"]);
  });

  it("end after the one under way when the server is stopped, and the next start does the others", async () => {
    await migrate(url, folder);
    await plant("20990101000000_under_way", "LOCK TABLE users IN ACCESS EXCLUSIVE MODE;");
    await plant("20990102000000_next", "SELECT 1;");
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    const stop = new AbortController();
    const stopped = migrate(url, folder, stop.signal);
    const migrating = `SELECT FROM pg_stat_activity
      WHERE datname = 'migrations_${count}' AND application_name = 'gatehouse migrate' AND wait_event = 'relation'`;
    await expect.poll(async () => (await admin.query(migrating)).rowCount).toBe(1);
    stop.abort();
    await reader.end();
    expect(await stopped).toEqual(["20990101000000_under_way"]);
    expect(await migrate(url, folder)).toEqual(["20990102000000_next"]);
  });

  it("do not go on over another connection when theirs is lost, where nothing could be undone", async () => {
    const engine = await openSchemaEngine(url);
    const astray = engine.atomically(async () => {
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = 'migrations_${count}' AND application_name = 'gatehouse migrate'`);
      await engine.query("SELECT 1").catch(() => undefined);
      await engine.query("CREATE TABLE astray ()");
    });
    await expect(astray).rejects.toThrow("The connection to the database was lost.");
    await engine.close();
    expect(await query("SELECT to_regclass('astray') AS astray")).toEqual([{ astray: null }]);
  });

  it("may take longer than the database's user usually may, and so may the wait for them", async () => {
    for (const timeout of ["statement_timeout", "transaction_timeout"])
      await admin.query(`ALTER DATABASE migrations_${count} SET ${timeout} = '300ms'`);
    await plant("20990101000000_long", "SELECT pg_sleep(0.6);");
    const applied = await Promise.all([migrate(url, folder), migrate(url, folder)]);
    expect(applied.map((names) => names.includes("20990101000000_long")).sort()).toEqual([false, true]);
  });

  it("that Prisma's command line left unfinished stop the start with advice", async () => {
    await migrate(url, folder);
    const record = `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs)
      VALUES ('1', '', '20990101000000_broken', 'division by zero')`;
    await query(record);
    await plant("20990101000000_broken", "SELECT 1;");
    const advice =
      /migrate resolve --applied 20990101000000_broken\n[\s\S]*--rolled-back 20990101000000_broken\ndivision by zero/;
    await expect(migrate(url, folder)).rejects.toThrow(advice);
    await query("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL");
    expect(await migrate(url, folder)).toEqual(["20990101000000_broken"]);
  });

  it("that come before one that fails are kept, and the one that fails is named", async () => {
    await plant("20990101000000_sound", "CREATE TABLE sound ();");
    await plant("20990102000000_broken", "SELECT 1 / 0;");
    await expect(migrate(url, folder)).rejects.toThrow(
      /The migration 20990102000000_broken failed and changed nothing, but those before it are applied, so an earlier version no longer starts\.\ndivision by zero$/,
    );
    expect(await query("SELECT to_regclass('sound')::text AS sound")).toEqual([{ sound: "sound" }]);
  });

  it("are not mixed with what somebody else has in the database", async () => {
    await query("CREATE TABLE invoices ()");
    await expect(migrate(url, folder)).rejects.toThrow(`The database migrations_${count} is not empty`);
  });

  it("are applied where Prisma's command line has begun, and everything was undone", async () => {
    await query(`CREATE TABLE _prisma_migrations (
      id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
      migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`);
    const [first = ""] = await names();
    await query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, rolled_back_at)
      VALUES ('1', '', '${first}', now())`);
    expect(await migrate(url, FOLDER)).toEqual(await names());
  });

  it("are refused where search_path leads to a schema other than the client's", async () => {
    await query(`CREATE SCHEMA own; ALTER DATABASE migrations_${count} SET search_path = own`);
    await expect(migrate(url, folder)).rejects.toThrow(/search_path of DATABASE_URL's user leads to own/);
    expect(await query("SELECT to_regclass('own.users') AS users")).toEqual([{ users: null }]);
  });

  it("are refused where search_path leads nowhere", async () => {
    await query(`ALTER DATABASE migrations_${count} SET search_path = missing`);
    await expect(migrate(url, folder)).rejects.toThrow(
      /search_path of DATABASE_URL's user leads to no schema that exists/,
    );
  });

  it("are not begun in a database whose encoding is not UTF8", async () => {
    await admin.query(`DROP DATABASE migrations_${count}`);
    await admin.query(
      `CREATE DATABASE migrations_${count} ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
    await expect(migrate(url, folder)).rejects.toThrow(/encoding LATIN1, .* --encoding=UTF8/);
    expect(await query("SELECT to_regclass('users') AS users")).toEqual([{ users: null }]);
  });

  it("are not used where a dump was restored into another encoding than UTF8", async () => {
    await migrate(url);
    // As superuser: stands in for the restore of a dump.
    await admin.query(`UPDATE pg_database SET encoding = pg_char_to_encoding('LATIN1'), datlocprovider = 'c',
      datlocale = NULL, datcollate = 'C', datctype = 'C' WHERE datname = 'migrations_${count}'`);
    await expect(migrate(url)).rejects.toThrow(/encoding LATIN1, .* --encoding=UTF8/);
  });

  it("are not used where search_path has come to lead to another schema first", async () => {
    await migrate(url, folder);
    await query(`CREATE SCHEMA own; ALTER DATABASE migrations_${count} SET search_path = own, public`);
    await expect(migrate(url, folder)).rejects.toThrow(/search_path of DATABASE_URL's user leads to own/);
  });

  it("are applied, however the database writes a date for others", async () => {
    await query(`ALTER DATABASE migrations_${count} SET datestyle = 'SQL, DMY'`);
    expect(await migrate(url, FOLDER)).toEqual(await names());
    expect(await migrate(url, FOLDER)).toEqual([]);
  });

  it("that were edited after they were applied are refused", async () => {
    await migrate(url, folder);
    const [first = ""] = await names();
    await plant(first, "-- another beginning");
    await expect(migrate(url, folder)).rejects.toThrow(/edited after it had been applied/);
  });

  it("keep the existing signing keys, with what is known of them", async () => {
    const isFromKeyRingOn = (name: string) => name >= "20261124180853_key_ring";
    for (const name of (await names()).filter(isFromKeyRingOn))
      await rm(path.join(folder, name), { recursive: true });
    await migrate(url, folder);
    await query(`INSERT INTO settings_revisions (panel, version, "values", saved_at, saved_by_email)
      VALUES ('jwt', 1, '{}', '2026-01-01Z', 'host'), ('jwt', 2, '{}', '2026-02-02Z', 'ada@example.org')`);
    await query(`INSERT INTO signing_keys (kid, issuer, sealed_key, fingerprint, bits, created_at, verify_until)
      VALUES (gen_random_uuid(), 'a', 's', 'renamed', 512, '2026-01-01Z', '2026-03-01Z'),
             (gen_random_uuid(), 'b', 's', 'renamed', 512, '2026-01-01Z', '2026-02-02Z'),
             (gen_random_uuid(), 'c', 's', 'new', 512, '2026-02-02Z', NULL)`);
    await migrate(url);
    expect(
      await query(`SELECT issuer, (activated_at AT TIME ZONE 'UTC')::date::text AS activated, retired_by AS by
        FROM signing_keys ORDER BY issuer`),
    ).toEqual([
      { issuer: "a", activated: null, by: null },
      { issuer: "b", activated: null, by: "sign-out" },
      { issuer: "c", activated: "2026-02-02", by: null },
    ]);
  });

  it("that may not be applied are refused in a few words", async () => {
    await admin.query(`CREATE ROLE poor_${count} LOGIN PASSWORD 'canary'`);
    const unprivileged = Object.assign(new URL(url), { username: `poor_${count}`, password: "canary" }).href;
    const refused = await migrate(unprivileged, folder).catch((error: Error) => error);
    expect(refused).toMatchObject({
      name: "StartupError",
      message: expect.stringMatching(
        /^The database could not be migrated to this version\. The migration \w+ failed\. Nothing was changed\.\nERROR: permission denied for schema public\nThe user of DATABASE_URL must own the database and everything in it\.$/,
      ),
    });
    await migrate(url, folder);
    await plant("20990101000000_column", "ALTER TABLE users ADD COLUMN extra text;");
    await query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO poor_${count}`);
    await expect(migrate(unprivileged, folder)).rejects.toThrow(
      /must be owner of table users\nThe user of DATABASE_URL must own the database and everything in it\.$/,
    );
    const nowhere = Object.assign(new URL(url), { pathname: "/nowhere" }).href;
    await expect(migrate(nowhere, folder)).rejects.toThrow(
      /^The database nowhere at .* does not exist\. Create it/,
    );
  });

  it("say how to come by pg_trgm, where it is out of reach in another schema", async () => {
    await query("CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions");
    await expect(migrate(url, folder)).rejects.toThrow(
      /gin_trgm_ops" does not exist .*\n.*ALTER EXTENSION pg_trgm SET SCHEMA public/,
    );
    await query("ALTER EXTENSION pg_trgm SET SCHEMA public");
    await migrate(url, folder);
  });

  it.each([
    'extension "pg_trgm" is not available',
    'could not open extension control file "/usr/share/postgresql/13/extension/pg_trgm.control": No such file or directory',
    'permission denied to create extension "pg_trgm"',
  ])("say how to come by pg_trgm, where PostgreSQL says: %s", async (words) => {
    await plant("20000101000000_extension", `DO $$ BEGIN RAISE EXCEPTION '${words}'; END $$;`);
    await expect(migrate(url, folder)).rejects.toThrow(`${words}\nThe database needs the extension pg_trgm`);
  });

  it("are refused on a database that cannot be written, such as a standby", async () => {
    await migrate(url, folder);
    await query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET default_transaction_read_only = on`);
    await expect(migrate(url, folder)).rejects.toThrow(/^The database \S+ at \S+ is read-only\. /);
  });

  it("of another program that uses Prisma too are not taken for a newer version's", async () => {
    await plant("20200101000000_shop", "SELECT 1;");
    await migrate(url, folder);
    await query("DELETE FROM _prisma_migrations WHERE migration_name <> '20200101000000_shop'");
    await expect(migrate(url)).rejects.toThrow(/its tables are not Gatehouse's/);
  });

  it("of a newer version are refused", async () => {
    await plant("20990101000000_future", "SELECT 1;");
    await migrate(url, folder);
    await expect(migrate(url)).rejects.toThrow(/20990101000000_future.*newer/);
  });
});

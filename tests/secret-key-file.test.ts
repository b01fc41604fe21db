import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { provision } from "@/lib/accounts/service/provision";
import { closeDatabase, pool } from "@/lib/core/db";
import { findEmbeddedDatabase, startEmbeddedDatabase } from "@/server/embedded-database";
import { migrate } from "@/server/migrations";
import { cleanEnv } from "./support/environment";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "gatehouse-secret-key-file-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Makes a statement that changes a signing key wait until this program's name is among those that are connected. */
const WAIT = `
  CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'go on') LOOP
      PERFORM pg_sleep(0.01), pg_stat_clear_snapshot();
    END LOOP;
    RETURN NEW;
  END $$;
  CREATE TRIGGER wait BEFORE UPDATE ON signing_keys FOR EACH ROW EXECUTE FUNCTION wait()`;

it("a new key is in the data folder's file before the database has it, so that no crash in between loses it", async () => {
  const DATA_DIR = path.join(root, "data");
  const read = async () => JSON.parse(await readFile(path.join(DATA_DIR, "secrets.json"), "utf8"));
  const ignored = { onTrouble: () => undefined, onLost: () => undefined };
  const database = await startEmbeddedDatabase(DATA_DIR, ignored);
  await migrate(database.url);
  process.env.DATABASE_URL = database.url;
  process.env.SECRET_KEY = database.secretKey;
  await provision();
  await pool().query(WAIT);
  await closeDatabase();
  await database.stop();

  const before = await read();
  const NEW_SECRET_KEY = randomBytes(32).toString("base64");
  const command = spawn(process.execPath, ["scripts/admin.js", "secret-key", "rotate"], {
    env: { ...cleanEnv({ DATA_DIR, NEW_SECRET_KEY }), NODE_ENV: "test" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = Promise.all([once(command, "exit"), text(command.stderr)]);
  await expect.poll(read, { timeout: 30_000 }).toEqual({ ...before, nextSecretKey: NEW_SECRET_KEY });
  const { url } = (await findEmbeddedDatabase(DATA_DIR)) ?? {};
  const other = new pg.Client({ connectionString: url, application_name: "go on" });
  other.on("error", () => undefined);
  await other.connect();
  expect(await ended).toEqual([[0, null], ""]);
  await other.end().catch(() => undefined);
  expect(await read()).toEqual({ ...before, secretKey: NEW_SECRET_KEY });
});

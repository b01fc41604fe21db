import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { provision } from "@/lib/accounts/service/provision";
import { closeDatabase, pool } from "@/lib/core/db";
import { parseEnv } from "@/lib/core/env";
import { findEmbeddedDatabase, startEmbeddedDatabase } from "@/server/embedded-database";
import { migrate } from "@/server/migrations";
import { replaceSecretKey } from "@/server/rotate-secret-key";
import { cleanEnv } from "./support/environment";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "gatehouse-secret-key-file-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const ignored = { onTrouble: () => undefined, onLost: () => undefined };

/** Makes a statement that changes a signing key wait until this program's name is among those that are connected. */
const WAIT = `
  CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'go on') LOOP
      PERFORM pg_sleep(0.01), pg_stat_clear_snapshot();
    END LOOP;
    RETURN NEW;
  END $$;
  CREATE TRIGGER wait BEFORE UPDATE ON signing_keys FOR EACH ROW EXECUTE FUNCTION wait()`;

it("a new key is in the data folder's file before the database has it, and after a crash in between the right one is kept", async () => {
  const DATA_DIR = path.join(root, "data");
  const read = async () => JSON.parse(await readFile(path.join(DATA_DIR, "secrets.json"), "utf8"));
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
  const after = { ...before, secretKey: NEW_SECRET_KEY };
  expect(await read()).toEqual(after);

  const otherKey = randomBytes(32).toString("base64");
  await expect(replaceSecretKey(parseEnv({ DATA_DIR, SECRET_KEY: otherKey }))).rejects.toThrow(
    "SECRET_KEY is not the key",
  );
  expect(await replaceSecretKey(parseEnv({ DATA_DIR, NEW_SECRET_KEY }))).toContain(
    "already encrypted with NEW_SECRET_KEY",
  );
  expect(await read()).toEqual(after);
  for (const cutOff of [
    { ...after, nextSecretKey: otherKey },
    { ...before, nextSecretKey: NEW_SECRET_KEY },
  ]) {
    await writeFile(path.join(DATA_DIR, "secrets.json"), JSON.stringify(cutOff));
    const started = await startEmbeddedDatabase(DATA_DIR, ignored);
    await started.stop();
    expect(started.secretKey).toBe(NEW_SECRET_KEY);
    expect(await read()).toEqual(after);
  }
});

it("no key is replaced in a folder without a database", async () => {
  await expect(replaceSecretKey(parseEnv({ DATA_DIR: path.join(root, "data") }))).rejects.toThrow(
    "There is no database",
  );
});

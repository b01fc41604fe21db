import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, type Db, databaseState, db, driverTransaction, pool } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { Prisma } from "@/prisma/generated/client";
import { emptyDatabase } from "./support/database";

/** Makes new connections read-only, or writable again; those that are open stay as they are. */
async function makeReadOnly(value: "on" | "off"): Promise<void> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  await client.query("SET default_transaction_read_only = off");
  await client.query(`ALTER DATABASE ${client.database} SET default_transaction_read_only = ${value}`);
  await client.end();
}

/** The process of PostgreSQL that serves the connection which the pool would use next. */
const processId = async () => (await pool().query("SELECT pg_backend_pid() AS id")).rows[0].id;

const write = (on: Db = db()) =>
  on.outboxMessage.create({
    data: {
      id: randomUUID(),
      messageId: "1@id.example.org",
      kind: "test",
      recipient: "ada@example.org",
      createdAt: new Date(),
      dueAt: new Date(),
    },
  });

beforeEach(emptyDatabase);
afterEach(closeDatabase);

it("a database whose tables are missing is known to be empty, and asked for over a new connection", async () => {
  expect(await databaseState()).toBe("up");
  await pool().query("ALTER TABLE signing_keys RENAME TO elsewhere");
  const before = await processId();
  try {
    expect(await databaseState()).toBe("empty");
  } finally {
    await pool().query("ALTER TABLE IF EXISTS elsewhere RENAME TO signing_keys");
  }
  expect(await processId()).not.toBe(before);
  expect(await databaseState()).toBe("up");
});

describe("tables that are replaced, as when a dump is restored over them, while their connections live on", () => {
  const make = `DROP TABLE IF EXISTS replaced; DROP TYPE IF EXISTS shade;
    CREATE TYPE shade AS ENUM ('LIGHT'); CREATE TABLE replaced (shade shade); INSERT INTO replaced VALUES ('LIGHT')`;
  const read = Prisma.sql`SELECT shade FROM replaced`;
  const compare = Prisma.sql`SELECT 'LIGHT' AS shade FROM replaced WHERE shade = ${"LIGHT"}`;
  afterEach(() => pool().query("DROP TABLE replaced; DROP TYPE shade"));

  it.each<[name: string, ask: () => Promise<unknown>]>([
    ["that reads a value", () => driverTransaction((tx) => tx.$queryRaw(read))],
    ["that is given a value", () => driverTransaction((tx) => tx.$queryRaw(compare))],
    ["of Prisma", () => db().$transaction((tx) => tx.$queryRaw(read))],
  ])("fail a prepared statement %s once, and are then asked over a new connection", async (_name, ask) => {
    const rows = [{ shade: "LIGHT" }];
    await pool().query(make);
    expect(await ask()).toEqual(rows);
    await pool().query(make);
    await expect(ask()).rejects.toThrow(/cached plan|cache lookup failed/);
    expect(await ask()).toEqual(rows);
  });
});

describe("a database that cannot be written", () => {
  beforeEach(async () => {
    await makeReadOnly("on");
    await closeDatabase();
  });
  afterEach(() => makeReadOnly("off"));

  it("is known to be read-only", async () => {
    expect(await databaseState()).toBe("read-only");
  });

  it.each<[name: string, find: () => Promise<unknown>]>([
    ["the health check", databaseState],
    ["a change", () => write()],
    ["a change in a transaction", () => db().$transaction(write)],
  ])("is asked for over a new connection after %s found it read-only", async (_name, find) => {
    await db().outboxMessage.count();
    await makeReadOnly("off");
    await find().catch(() => undefined);
    await write();
    expect(await db().outboxMessage.count()).toBe(1);
  });
});

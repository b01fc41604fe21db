import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { closeDatabase, type Db, db, isDatabaseReadOnly } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { emptyDatabase } from "./support/database";

/** Makes new connections read-only, or writable again; those that are open stay as they are. */
async function makeReadOnly(value: "on" | "off"): Promise<void> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  await client.query("SET default_transaction_read_only = off");
  await client.query(`ALTER DATABASE ${client.database} SET default_transaction_read_only = ${value}`);
  await client.end();
}

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

beforeEach(async () => {
  await emptyDatabase();
  await makeReadOnly("on");
  await closeDatabase();
});
afterEach(async () => {
  await makeReadOnly("off");
  await closeDatabase();
});

it("is known to be read-only", async () => {
  expect(await isDatabaseReadOnly()).toBe(true);
});

it.each<[name: string, find: () => Promise<unknown>]>([
  ["the health check", isDatabaseReadOnly],
  ["a change", () => write()],
  ["a change in a transaction", () => db().$transaction(write)],
])("is asked for over a new connection after %s found it read-only", async (_name, find) => {
  await db().outboxMessage.count();
  await makeReadOnly("off");
  await find().catch(() => undefined);
  await write();
  expect(await db().outboxMessage.count()).toBe(1);
});

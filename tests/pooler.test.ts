import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pool } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { connectTo } from "@/server/connect-to";
import { acquireSharedSealingLock } from "@/server/server-lock";

let client: pg.Client;

beforeEach(() => {
  client = new pg.Client({ connectionString: env().DATABASE_URL });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await client.end();
});

it("refuses a connection that a pooler shares with another client", async () => {
  await connectTo(client);
  await client.query("SELECT pg_advisory_lock_shared(1, 1)");
  vi.spyOn(client, "connect").mockImplementation(async () => undefined);
  await expect(connectTo(client)).rejects.toThrow(/a pooler that shares connections .* in session mode\.$/);
});

it("refuses a pooler that uses its connections in turn, so that another one has the lock", async () => {
  await client.connect();
  const ask: (...args: never[]) => unknown = pg.Client.prototype.query;
  function inTurn(this: pg.Client, ...args: never[]) {
    return ask.apply(String(args[0]).includes("advisory_lock") ? client : this, args);
  }
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(inTurn as never);
  await expect(acquireSharedSealingLock(env().DATABASE_URL)).rejects.toThrow(/in session mode\.$/);
});

it("limits the time of the client's statements without asking for it at the start, which poolers refuse", async () => {
  const { rows } = await pool().query("SHOW statement_timeout");
  expect(rows).toEqual([{ statement_timeout: "3500ms" }]);
  expect(pool().options).not.toHaveProperty("statement_timeout");
});

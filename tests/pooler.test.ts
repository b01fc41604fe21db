import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pool } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { connectTo } from "@/server/connect-to";

let client: pg.Client;

beforeEach(() => {
  client = new pg.Client({ connectionString: env().DATABASE_URL });
});
afterEach(() => client.end());

it("refuses a connection that a pooler shares with another client", async () => {
  await connectTo(client);
  await client.query("SELECT pg_advisory_lock_shared(1, 1)");
  vi.spyOn(client, "connect").mockImplementation(async () => undefined);
  await expect(connectTo(client)).rejects.toThrow(/a pooler that shares connections .* in session mode\.$/);
});

it("limits the time of the client's statements without asking for it at the start, which poolers refuse", async () => {
  const { rows } = await pool().query("SHOW statement_timeout");
  expect(rows).toEqual([{ statement_timeout: "3500ms" }]);
  expect(pool().options).not.toHaveProperty("statement_timeout");
});

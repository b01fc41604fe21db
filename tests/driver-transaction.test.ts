import pg from "pg";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { closeDatabase, db, driver, driverTransaction, pool } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import { emptyDatabase } from "./support/database";

beforeEach(emptyDatabase);
afterAll(emptyDatabase);

const add = (key: string) => Prisma.sql`INSERT INTO rate_limits (key, points) VALUES (${key}, 1)`;
const keys = async () => (await db().rateLimit.findMany({ orderBy: { key: "asc" } })).map(({ key }) => key);

it("a transaction keeps all or nothing", async () => {
  await driverTransaction(async (tx) => {
    await tx.$executeRaw(add("a"));
    await tx.$executeRaw(add("b"));
  });
  const failure = driverTransaction(async (tx) => {
    await tx.$executeRaw(add("c"));
    throw new Error("out of order");
  });
  await expect(failure).rejects.toThrow("out of order");
  expect(await keys()).toEqual(["a", "b"]);
});

it("a connection that could not be rolled back is not used again, where what comes next would not be kept", async () => {
  await closeDatabase();
  const ask = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    return args[0] === "ROLLBACK" ? Promise.reject(new Error("Query read timeout")) : ask.apply(this, args);
  } as never);
  const failure = driverTransaction(async (tx) => {
    await tx.$executeRaw(add("c"));
    throw new Error("out of order");
  });
  await expect(failure).rejects.toThrow("out of order");
  query.mockRestore();
  await driver().$executeRaw(add("d"));
  const other = new pg.Client({ connectionString: pool().options.connectionString });
  await other.connect();
  try {
    expect((await other.query("SELECT key FROM rate_limits")).rows).toEqual([{ key: "d" }]);
  } finally {
    await other.end();
  }
});

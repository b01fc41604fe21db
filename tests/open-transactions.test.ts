import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { closeDatabase, db, driver, driverTransaction, pool, type RawDb } from "@/lib/core/db";
import { isDatabaseAway } from "@/lib/core/errors";
import { Prisma } from "@/prisma/generated/client";
import { emptyDatabase } from "./support/database";
import { statementText } from "./support/statements";

beforeEach(emptyDatabase);
// Nothing later uses a connection that a test has broken.
afterEach(closeDatabase);
afterAll(emptyDatabase);

const add = (key: string) => Prisma.sql`INSERT INTO rate_limits (key, points) VALUES (${key}, 1)`;
const keys = async () => (await db().rateLimit.findMany({ orderBy: { key: "asc" } })).map(({ key }) => key);

/** Runs a query over a separate connection. */
async function elsewhere(text: string) {
  const other = new pg.Client({ connectionString: pool().options.connectionString });
  await other.connect();
  try {
    return (await other.query(text)).rows;
  } finally {
    await other.end();
  }
}

/** The committed keys, read over a separate connection. */
const keysElsewhere = async () => (await elsewhere("SELECT key FROM rate_limits")).map(({ key }) => key);

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

type Work = (tx: Pick<RawDb, "$executeRaw">) => Promise<unknown>;
const byDriver = (work: Work) => driverTransaction(work);
const byPrisma = (work: Work) => db().$transaction(work);

it.each([
  ["by the driver", "ROLLBACK", byDriver],
  ["by Prisma", "ROLLBACK", byPrisma],
  ["by Prisma", "COMMIT", byPrisma],
] as const)(
  "a connection whose transaction %s could not be ended, %s, is not used again",
  async (_how, word, run) => {
    // A statement that times out before it is sent is never sent: the transaction stays open.
    const ask = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    await closeDatabase();
    const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      if (statementText(args[0]) === word) return Promise.reject(new Error("Query read timeout"));
      return ask.apply(this, args);
    } as never);
    const failure = run(async (tx) => {
      await tx.$executeRaw(add("c"));
      if (word === "ROLLBACK") throw new Error("out of order");
    });
    await expect(failure).rejects.toThrow(word === "ROLLBACK" ? "out of order" : "Query read timeout");
    query.mockRestore();
    await driver().$executeRaw(add("d"));
    expect(await keysElsewhere()).toEqual(["d"]);
  },
);

it("a connection whose BEGIN timed out is not used again either", async () => {
  const ask = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  await closeDatabase();
  const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const text = statementText(args[0]);
    // BEGIN is sent, but its answer comes too late; the ROLLBACK that follows is never sent.
    if (text === "BEGIN") (ask.apply(this, args) as Promise<unknown>).catch(() => undefined);
    if (text === "BEGIN" || text === "ROLLBACK") return Promise.reject(new Error("Query read timeout"));
    return ask.apply(this, args);
  } as never);
  await expect(driverTransaction((tx) => tx.$executeRaw(add("c")))).rejects.toThrow("Query read timeout");
  query.mockRestore();
  await driver().$executeRaw(add("d"));
  expect(await keysElsewhere()).toEqual(["d"]);
});

it.each([
  ["by the driver", byDriver],
  ["by Prisma", byPrisma],
] as const)(
  "a connection that breaks between two statements %s is a database that is away",
  async (_how, run) => {
    await closeDatabase();
    const broken = new Promise((resolve) =>
      pool().once("connect", (client: pg.PoolClient) => client.once("end", resolve)),
    );
    const failure = run(async (tx) => {
      await tx.$executeRaw(add("a"));
      await elsewhere(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      await broken;
      await tx.$executeRaw(add("b"));
    });
    expect(isDatabaseAway(await failure.catch((error: unknown) => error))).toBe(true);
    expect(await keys()).toEqual([]);
  },
);

it.each([
  ["by the driver", byDriver],
  ["by Prisma", byPrisma],
] as const)(
  "a connection that is ended during the COMMIT %s is a database that is away",
  async (_how, run) => {
    const ask = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    await closeDatabase();
    const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      const isCommit = statementText(args[0]) === "COMMIT";
      return ask.apply(this, isCommit ? ["SELECT pg_terminate_backend(pg_backend_pid())"] : args);
    } as never);
    const failure = run((tx) => tx.$executeRaw(add("a")));
    expect(isDatabaseAway(await failure.catch((error: unknown) => error))).toBe(true);
    query.mockRestore();
    expect(await keysElsewhere()).toEqual([]);
  },
);

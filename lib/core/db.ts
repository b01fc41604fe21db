import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "@/prisma/generated/client";
import { env } from "./env";
import { log } from "./log";
import { onePerProcess } from "./one-per-process";

/** The whole client, or the client inside a transaction: what every store takes as its first argument. */
export type Db = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends" | "$use"
>;

/**
 * What runs the SQL that a store writes itself: the client, a transaction of it, or the driver under both, which takes a
 * third of the client's CPU for it.
 */
export type RawDb = {
  $queryRaw<Rows>(query: Prisma.Sql): Promise<Rows>;
  /** @returns how many rows were touched */
  $executeRaw(query: Prisma.Sql): Promise<number>;
};

/**
 * What every connection that reads or writes our rows depends on, whatever the database or its user has as a default. The
 * client takes each moment for one of UTC, written as ISO 8601 has it; and what is done at once relies on waiting for
 * locks, and on then seeing what their holder did.
 */
export const OWN_DEFAULTS =
  "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET default_transaction_isolation = 'read committed'; SET lock_timeout = 0";

/** How long a statement may take on the server, and how long we wait for its answer, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 4_000;
const ANSWER_TIMEOUT_MS = 4_500;
const CONNECT_TIMEOUT_MS = 3_000;
/** How long a transaction waits for its connection: the pool gives up first, with the clearer word. */
const TRANSACTION_WAIT_MS = 3_500;
/** How long a transaction may take in all. */
const TRANSACTION_TIMEOUT_MS = 5_000;
/** How many times as long all that is for a command on the host, which may wait its turn: no request hangs on it. */
const COMMAND_PATIENCE = 12;
const POOL_SIZE = 10;

type Database = { pool: pg.Pool; client: PrismaClient; statementName: (sql: string) => string };

/**
 * Put into a query whose best plan hangs on what is looked for: it is planned each time, with its parameters. What is kept
 * prepared is planned, from its sixth use on, for no parameters in particular.
 */
export const plannedEachTime = Prisma.sql`/* planned each time */`;

/**
 * Names under which a connection keeps a statement prepared: parsing and planning it is a third of what it costs. There
 * are as many as the code has queries, because what people type goes into parameters. Without a name it is not kept.
 */
function nameStatements(): Database["statementName"] {
  const names = new Map<string, string>();
  return (sql) => {
    if (sql.includes(plannedEachTime.sql)) return "";
    const name = names.get(sql) ?? `gatehouse-${names.size}`;
    names.set(sql, name);
    return name;
  };
}

const isLate = (error: unknown) => error instanceof Error && error.message === "Query read timeout";

/**
 * Closes a connection whose answer does not come in time, so that the pool drops it. The late statement may still be
 * carried out, or was never sent: whoever was given the connection next could find themselves in another's transaction,
 * and be told that something is stored that is lost with that transaction. A ROLLBACK, too, would wait behind the late
 * statement, for as long again.
 */
function giveUpWhenLate(client: pg.PoolClient): void {
  const query = (...args: never[]) => {
    const ask: (...args: never[]) => unknown = pg.Client.prototype.query;
    const answer = ask.apply(client, args);
    if (answer instanceof Promise) answer.catch((error) => (isLate(error) ? client.end() : undefined));
    return answer;
  };
  Object.assign(client, { query });
}

function open(patience = 1): Database {
  const pool = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS * patience,
    idleTimeoutMillis: 60_000,
    query_timeout: ANSWER_TIMEOUT_MS * patience,
    keepAlive: true,
    application_name: "gatehouse",
    // Not among the parameters of the start, which a pooler such as PgBouncer does not take.
    onConnect: (client) =>
      client.query(`${OWN_DEFAULTS}; SET statement_timeout = ${STATEMENT_TIMEOUT_MS * patience}`),
  });
  // Without a listener, a connection that breaks while idle would end the process; one that breaks while it is
  // checked out emits on the client itself.
  pool.on("error", (error) => log().warn({ event: "database-connection-lost", reason: error.message }));
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    giveUpWhenLate(client);
  });
  const statementName = nameStatements();
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) });
  const transactionOptions = {
    maxWait: TRANSACTION_WAIT_MS * patience,
    timeout: TRANSACTION_TIMEOUT_MS * patience,
  };
  return { pool, statementName, client: new PrismaClient({ adapter, transactionOptions }) };
}

const held = onePerProcess<Database>("database");
const database = () => held.get(open);

/** Opens the process's connections for a command on the host, before their first use. */
export function openDatabaseForCommand(): void {
  held.get(() => open(COMMAND_PATIENCE));
}

/** The process's one Prisma client. */
export function db(): PrismaClient {
  return database().client;
}

/** The pool under the Prisma client, for whoever speaks to PostgreSQL without it. */
export function pool(): pg.Pool {
  return database().pool;
}

function rawOn(connection: Pick<pg.ClientBase, "query">): RawDb {
  const { statementName } = database();
  const run = ({ text, values }: Prisma.Sql) =>
    connection.query({ name: statementName(text), text, values: [...values] });
  return {
    $queryRaw: async <Rows>(query: Prisma.Sql) => (await run(query)).rows as Rows,
    $executeRaw: async (query) => (await run(query)).rowCount ?? 0,
  };
}

/** The driver, for what every request or login asks. */
export function driver(): RawDb {
  return rawOn(pool());
}

/** A transaction by the driver: all of it is kept, or nothing. */
export async function driverTransaction<T>(work: (tx: RawDb) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    const result = await work(rawOn(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // Where it is not answered, the connection is given up.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/**
 * A moment near this process's present, as the database's clock has it, which all servers share: theirs may differ by more
 * than what is measured by it lasts.
 */
export const byDatabaseClock = (at: Date) =>
  Prisma.sql`(now() + ${at.getTime() - Date.now()}::bigint * interval '1 millisecond')`;

/** The id that no row has, before every other (RFC 9562, 5.9). */
export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

/** Asks the database whether it is there. @throws when it does not answer in time */
export async function pingDatabase(): Promise<void> {
  await pool().query("SELECT 1");
}

/** Closes the process's connections; the next use opens new ones. */
export async function closeDatabase(): Promise<void> {
  const current = held.take();
  await current?.client.$disconnect();
  await current?.pool.end();
}

import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "@/prisma/generated/client";
import { CONNECTION_SETTINGS } from "./connection-settings";
import { env } from "./env";
import { codeOf } from "./errors";
import { log } from "./log";
import { onePerProcess } from "./one-per-process";

/** The Prisma client, or its client inside a transaction; the first argument of most store functions. */
export type Db = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends" | "$use"
>;

/**
 * Runs SQL that a store writes by hand. The Prisma client and its transactions implement it, and so does the pg driver
 * under them, which takes a third of the client's CPU time per query.
 */
export type RawDb = {
  $queryRaw<Rows>(query: Prisma.Sql): Promise<Rows>;
  /** @returns the number of affected rows */
  $executeRaw(query: Prisma.Sql): Promise<number>;
};

/** A client inside a transaction; what `db()` returns is none, because it commits each statement by itself. */
export type InTransaction<Client> = Client & { $connect?: never };

/**
 * How long a statement may take on the server, and how long the client waits for its answer, in milliseconds. A request
 * that the database leaves without an answer gets its 503 within five seconds, also on a busy machine.
 */
const STATEMENT_TIMEOUT_MS = 3_500;
const ANSWER_TIMEOUT_MS = 4_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** How long a transaction waits for a connection: longer than the pool, whose timeout error is the clearer one. */
const TRANSACTION_WAIT_MS = 3_500;
/** How long a transaction may take in total. */
const TRANSACTION_TIMEOUT_MS = 5_000;
/**
 * How long a transaction may wait for its next statement before PostgreSQL ends it: longer than a transaction may take.
 * Otherwise a process that is stopped would keep its locks until it goes on, and one that is cut off from the database
 * for two minutes (`END_WITH_CLIENT`).
 */
const IDLE_TRANSACTION_MS = 10_000;
/** Factor on all these times for a command on the host: no request depends on it, so it may wait longer. */
const COMMAND_TIMEOUT_FACTOR = 12;
const POOL_SIZE = 10;

type Database = { pool: pg.Pool; client: PrismaClient; statementName: (sql: string) => string };

/**
 * Marks a query whose best plan depends on its parameters, or on how many rows there are by now. It is not prepared, so
 * PostgreSQL plans each execution for the actual values and size. A prepared statement may get a generic plan from its
 * sixth execution on, and keep it while its tables grow.
 */
export const plannedEachTime = Prisma.sql`/* planned each time */`;

/** Only in a statement that writes many rows, whose text is another for each number of rows. */
const MANY_PARAMETERS = "$65";

/**
 * Creates a function that names each SQL text, so that a connection keeps it as a prepared statement: parsing and
 * planning are a third of its cost. There are as many names as the code has queries, because user input goes into
 * parameters. An empty name means that the statement is not kept.
 */
function nameStatements(): Database["statementName"] {
  const names = new Map<string, string>();
  return (sql) => {
    if (sql.includes(plannedEachTime.sql) || sql.includes(MANY_PARAMETERS)) return "";
    const name = names.get(sql) ?? `gatehouse-${names.size}`;
    names.set(sql, name);
    return name;
  };
}

const isLate = (error: unknown) => error instanceof Error && error.message === "Query read timeout";
/** PostgreSQL's codes for what goes wrong again and again on one connection, and need not on another. */
const USELESS_FROM_NOW_ON: ReadonlySet<string | undefined> = new Set([
  "25006", // a change where everything is read-only
  // A prepared statement whose tables, or whose types, were replaced by others of the same name:
  "0A000", // cached plan must not change result type
  "XX000", // cache lookup failed for type
]);

/**
 * Closes a connection whose answer does not come in time, so that the pool drops it. The late statement may still run,
 * or may never have been sent. The next user of the connection could end up inside the previous user's transaction, and
 * be told that something is stored although it is lost with that transaction. A ROLLBACK would not help, because it
 * would wait behind the late statement.
 *
 * Closes one that can change nothing, too: during a failover it may have been made to a standby, or to a server that
 * became one, and would stay read-only for as long as it is in use. A new one leads to the new primary.
 *
 * Closes one whose prepared statements no longer fit the tables, too, as after a dump was restored over them.
 */
function giveUpWhenUseless(client: pg.PoolClient): void {
  const query = (...args: never[]) => {
    const ask: (...args: never[]) => unknown = pg.Client.prototype.query;
    const answer = ask.apply(client, args);
    if (answer instanceof Promise) {
      answer.catch((error) =>
        isLate(error) || USELESS_FROM_NOW_ON.has(codeOf(error)) ? client.end() : undefined,
      );
    }
    return answer;
  };
  Object.assign(client, { query });
}

function open(timeoutFactor = 1): Database {
  const pool = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS * timeoutFactor,
    idleTimeoutMillis: 60_000,
    query_timeout: ANSWER_TIMEOUT_MS * timeoutFactor,
    keepAlive: true,
    application_name: "gatehouse",
    // Not sent as startup parameters, because a pooler such as PgBouncer rejects those.
    onConnect: (client) =>
      client.query(
        `${CONNECTION_SETTINGS}; SET statement_timeout = ${STATEMENT_TIMEOUT_MS * timeoutFactor}; SET idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_MS * timeoutFactor}`,
      ),
  });
  // Without a listener, an idle connection that breaks would crash the process. A connection that breaks while it is
  // checked out emits the error on the client itself.
  pool.on("error", (error) => log().warn({ event: "database-connection-lost", reason: error.message }));
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    giveUpWhenUseless(client);
  });
  const statementName = nameStatements();
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) });
  const transactionOptions = {
    maxWait: TRANSACTION_WAIT_MS * timeoutFactor,
    timeout: TRANSACTION_TIMEOUT_MS * timeoutFactor,
  };
  return { pool, statementName, client: new PrismaClient({ adapter, transactionOptions }) };
}

const held = onePerProcess<Database>("database");
const database = () => held.get(open);

/** Opens the process's connections with the longer timeouts of a host command; call it before their first use. */
export function openDatabaseForCommand(): void {
  held.get(() => open(COMMAND_TIMEOUT_FACTOR));
}

/** The process's one Prisma client. */
export function db(): PrismaClient {
  return database().client;
}

/** The connection pool under the Prisma client, for code that talks to PostgreSQL directly. */
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

/** The pg driver, for queries that every request or login makes. */
export function driver(): RawDb {
  return rawOn(pool());
}

/**
 * Runs `work` in a transaction of the pg driver: commits it, or rolls it back if `work` throws.
 * @throws what `work` or the commit throws
 */
export async function driverTransaction<T>(work: (tx: RawDb) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    const result = await work(rawOn(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // If the ROLLBACK is not answered in time, `giveUpWhenUseless` has closed the connection.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/**
 * Returns SQL for a time near this process's present, converted to the database's clock, which all servers share. The
 * servers' own clocks may differ by more than the intervals that are measured with it.
 */
export const byDatabaseClock = (at: Date) =>
  Prisma.sql`(now() + ${at.getTime() - Date.now()}::bigint * interval '1 millisecond')`;

/** The nil UUID (RFC 9562, 5.9): no row has it, and it sorts before every other. */
export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

/** Checks that the database answers and has its tables. @throws when not, or not in time */
export async function pingDatabase(): Promise<void> {
  await pool().query("SELECT FROM signing_keys LIMIT 0");
}

/**
 * What can be done with a database that answers. It is read-only after a failover to a standby, for example, and empty
 * while a dump is being restored, or where its server has been started again without its files.
 */
export type DatabaseState = "up" | "read-only" | "empty";

/**
 * Checks that the database answers, and whether it can be used. If not, the connection is not used again: a new one may
 * lead to another server.
 * @throws when it does not answer in time
 */
export async function databaseState(): Promise<DatabaseState> {
  const client = await pool().connect();
  let state: DatabaseState | undefined;
  try {
    const { rows } = await client.query<{ state: DatabaseState }>(
      `SELECT CASE WHEN current_setting('transaction_read_only')::boolean THEN 'read-only'
        WHEN to_regclass('public.signing_keys') IS NULL THEN 'empty' ELSE 'up' END AS state`,
    );
    state = rows[0]?.state ?? "empty";
    return state;
  } finally {
    client.release(state !== "up");
  }
}

/** Closes the process's connections; the next use opens new ones. */
export async function closeDatabase(): Promise<void> {
  const current = held.take();
  await current?.client.$disconnect();
  await current?.pool.end();
}

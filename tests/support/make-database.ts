import { randomBytes } from "node:crypto";
import pg from "pg";
import { urlOfDatabase } from "./postgres";

/** A server with a database that has our shape and no rows, from which others are copied. */
export type TestServer = { url: string; template: string };

async function execute(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

const newName = () => `gatehouse_test_${randomBytes(6).toString("hex")}`;
const nameOf = (url: string) => new URL(url).pathname.slice(1);

/** Makes an empty database, without our shape. */
export async function createEmptyDatabase(url: string): Promise<string> {
  const name = newName();
  await execute(url, `CREATE DATABASE ${name}`);
  return urlOfDatabase(url, name);
}

/** Makes a database with our shape and no rows, in some 30 ms; it goes with its template. */
export async function createDatabase({ url, template }: TestServer): Promise<string> {
  const name = `${template}_${randomBytes(4).toString("hex")}`;
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return urlOfDatabase(url, name);
}

/** Removes a database, whoever is still connected to it. */
export async function dropDatabase(serverUrl: string, databaseUrl: string): Promise<void> {
  await execute(serverUrl, `DROP DATABASE IF EXISTS ${nameOf(databaseUrl)} WITH (FORCE)`);
}

/** Removes a template, and the databases made from it. */
export async function dropTemplate({ url, template }: TestServer): Promise<void> {
  const made = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)";
  const { rows } = await execute(url, made, [template]);
  for (const { datname } of rows) await dropDatabase(url, urlOfDatabase(url, datname));
}

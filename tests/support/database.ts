import { randomBytes } from "node:crypto";
import path from "node:path";
import pg from "pg";
import { db } from "@/lib/core/db";
import { migrate } from "@/server/migrations";
import { urlOfDatabase } from "./postgres";

/** A server with a database that has our shape and no rows, from which others are copied. */
export type TestServer = { url: string; template: string };

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const newName = () => `gatehouse_test_${randomBytes(6).toString("hex")}`;

/** Makes an empty database, without our shape. */
export async function createEmptyDatabase(url: string): Promise<string> {
  const name = newName();
  await execute(url, `CREATE DATABASE ${name}`);
  return urlOfDatabase(url, name);
}

/** Applies the migrations once, to a database that then serves as the template of all others. */
export async function createTemplate(url: string): Promise<TestServer> {
  const templateUrl = await createEmptyDatabase(url);
  await migrate(templateUrl, path.resolve("prisma/migrations"));
  return { url, template: new URL(templateUrl).pathname.slice(1) };
}

/** Makes a database with our shape and no rows, in some 30 ms. */
export async function createDatabase({ url, template }: TestServer): Promise<string> {
  const name = newName();
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return urlOfDatabase(url, name);
}

/** Removes a database, whoever is still connected to it. */
export async function dropDatabase(serverUrl: string, databaseUrl: string): Promise<void> {
  await execute(serverUrl, `DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`);
}

/** Removes every row of the test file's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`;
  const names = tables.map(({ name }) => name).join(", ");
  await db().$executeRawUnsafe(`TRUNCATE ${names} RESTART IDENTITY CASCADE`);
}

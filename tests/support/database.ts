import { db } from "@/lib/core/db";

async function tableNames(): Promise<string[]> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY tablename`;
  return tables.map(({ name }) => name);
}

/** Removes every row of this process's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  const names = await tableNames();
  await db().$executeRawUnsafe(`TRUNCATE ${names.join(", ")} RESTART IDENTITY CASCADE`);
}

/** All that is in the database, as text by table; to compare before and after. */
export async function readTables(): Promise<Record<string, string>> {
  const tables: Record<string, string> = {};
  for (const name of await tableNames()) {
    const [row] = await db().$queryRawUnsafe<{ rows: string | null }[]>(
      `SELECT string_agg(t::text, E'\\n' ORDER BY t::text) AS rows FROM ${name} t`,
    );
    tables[name] = row?.rows ?? "";
  }
  return tables;
}

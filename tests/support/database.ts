import { db } from "@/lib/core/db";

/** Removes every row of this process's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`;
  const names = tables.map(({ name }) => name).join(", ");
  await db().$executeRawUnsafe(`TRUNCATE ${names} RESTART IDENTITY CASCADE`);
}

/** Has the minute of every network address begin anew, for whoever sends more than one of them may. */
export async function liftLimits(): Promise<void> {
  await db().rateLimit.deleteMany();
}

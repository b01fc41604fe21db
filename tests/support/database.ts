import { db } from "@/lib/core/db";

const LOCK_NOT_AVAILABLE = "55P03";

/** Removes every row of this process's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`;
  const names = tables.map(({ name }) => name).join(", ");
  // Gives way before PostgreSQL takes it for a deadlock with what a running product does by itself, and ends either.
  for (let isDone = false; !isDone; ) {
    isDone = await db()
      .$transaction([
        db().$executeRaw`SET LOCAL lock_timeout = '100ms'`,
        db().$executeRawUnsafe(`TRUNCATE ${names} RESTART IDENTITY CASCADE`),
      ])
      .then(() => true)
      .catch((error) => {
        if (!String(error).includes(LOCK_NOT_AVAILABLE)) throw error;
        return false;
      });
  }
}

/** Has the minute of every network address begin anew, for whoever sends more than one of them may. */
export async function liftLimits(): Promise<void> {
  await db().rateLimit.deleteMany();
}

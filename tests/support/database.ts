import { db } from "@/lib/core/db";

const LOCK_NOT_AVAILABLE = "55P03";

// For a table of a few rows, DELETE takes a tenth of the time of TRUNCATE, which creates new files, for indexes too.
// The replica role skips the foreign key checks. Sequences are reset as by RESTART IDENTITY.
const REMOVE_ALL_ROWS = `
  DO $$
  DECLARE
    item regclass;
    tables regclass[] := array(
      SELECT oid FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations');
    is_small boolean;
  BEGIN
    SET LOCAL lock_timeout = '100ms';
    SET LOCAL session_replication_role = replica;
    EXECUTE format('LOCK TABLE %s', array_to_string(tables, ', '));
    FOREACH item IN ARRAY tables LOOP
      EXECUTE format('SELECT count(*) < 200 FROM (SELECT FROM %s LIMIT 200) AS first_rows', item) INTO is_small;
      EXECUTE format(CASE WHEN is_small THEN 'DELETE FROM %s' ELSE 'TRUNCATE %s CASCADE' END, item);
    END LOOP;
    FOR item IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
      PERFORM setval(item, 1, false);
    END LOOP;
  END $$`;

/** Removes every row of this process's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  // A running product's background work may need the same locks. The short lock timeout makes this give up and retry
  // before PostgreSQL detects a deadlock and aborts either side.
  for (let isDone = false; !isDone; ) {
    isDone = await db()
      .$executeRawUnsafe(REMOVE_ALL_ROWS)
      .then(() => true)
      .catch((error) => {
        if (!String(error).includes(LOCK_NOT_AVAILABLE)) throw error;
        return false;
      });
  }
}

/** The number of connections to this process's database that wait for a lock. */
export async function countWaiting(): Promise<number> {
  const [row] = await db().$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.waiting ?? 0;
}

/**
 * The number of connections to this process's database that wait for a lock on a table. The other processes' databases
 * are copies of the same template, in which the table has the same object id.
 */
export async function countWaitingForTable(table: string): Promise<number> {
  const [row] = await db().$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE datname = current_database() AND relation = ${table}::regclass AND NOT granted`;
  return row?.waiting ?? 0;
}

/** Resets all rate limits, for a test that sends more requests than one network address may. */
export async function resetRateLimits(): Promise<void> {
  await db().rateLimit.deleteMany();
}

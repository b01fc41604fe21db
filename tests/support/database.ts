import { db } from "@/lib/core/db";

const LOCK_NOT_AVAILABLE = "55P03";

// A table of a few rows is emptied in a tenth of the time by DELETE: TRUNCATE makes files anew, for its indexes too. As a
// replica's, the deletions ask no foreign key. The sequences begin anew, as they would with RESTART IDENTITY.
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
      EXECUTE format('SELECT count(*) < 200 FROM (SELECT FROM %s LIMIT 200)', item) INTO is_small;
      EXECUTE format(CASE WHEN is_small THEN 'DELETE FROM %s' ELSE 'TRUNCATE %s CASCADE' END, item);
    END LOOP;
    FOR item IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
      PERFORM setval(item, 1, false);
    END LOOP;
  END $$`;

/** Removes every row of this process's database; for a `beforeEach`. */
export async function emptyDatabase(): Promise<void> {
  // Gives way before PostgreSQL takes it for a deadlock with what a running product does by itself, and ends either.
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

/** How many connections to this process's database wait for a lock that another one holds. */
export async function countWaiting(): Promise<number> {
  const [row] = await db().$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.waiting ?? 0;
}

/** Has the minute of every network address begin anew, for whoever sends more than one of them may. */
export async function liftLimits(): Promise<void> {
  await db().rateLimit.deleteMany();
}

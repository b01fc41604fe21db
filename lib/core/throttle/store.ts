import "server-only";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";

/**
 * Deletes up to `limit` counters whose window ended before a time; skips locked rows.
 * @returns how many
 */
export async function deleteEndedCounters(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH ended AS MATERIALIZED (
      SELECT key FROM rate_limits WHERE expire < ${before.getTime()}::bigint
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    DELETE FROM rate_limits WHERE key = ANY (ARRAY (SELECT key FROM ended))`);
}

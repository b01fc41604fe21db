import "server-only";
import type { Origin } from "@/lib/core/actor";
import { lockUntilCommit } from "@/lib/core/advisory-locks/store";
import type { Db } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";

/** Stores a request for a link; `emailKey` is empty when the typed text is not an address. */
export async function insertResetRequest(
  db: Db,
  { emailKey, origin, now }: { emailKey: string; origin: Origin; now: Date },
): Promise<void> {
  const { address, userAgent, requestId } = origin;
  await db.resetRequest.create({
    data: { emailKey, requestedAt: now, address, userAgent, requestId },
    select: { id: true },
  });
}

/** The requests for one e-mail address that came from one network address, with how many and the time of the latest. */
export type RequestGroup = Origin & { emailKey: string; requests: number; requestedAt: Date };

/**
 * Deletes and returns all requests for the e-mail address that has waited longest, grouped by network address, the most
 * recent first.
 * @param until leaves requests that were made in the minute after. One from later still is from before the clock was set
 *   back, and does not wait
 */
export async function dequeueResetRequests(db: Db, until?: Date): Promise<RequestGroup[]> {
  const isDue = until
    ? Prisma.sql`requested_at NOT BETWEEN ${until}::timestamptz AND ${until}::timestamptz + interval '1 minute'`
    : Prisma.sql`TRUE`;
  const latest = (column: Prisma.Sql) => Prisma.sql`(array_agg(${column} ORDER BY requested_at DESC))[1]`;
  return db.$queryRaw<RequestGroup[]>(Prisma.sql`
    WITH taken AS (
      DELETE FROM reset_requests
      WHERE ${isDue} AND email_key = (
        SELECT email_key FROM reset_requests WHERE ${isDue} ORDER BY requested_at, id LIMIT 1)
      RETURNING *
    )
    SELECT email_key AS "emailKey", address, count(*)::int AS requests, max(requested_at) AS "requestedAt",
           ${latest(Prisma.sql`user_agent`)} AS "userAgent", ${latest(Prisma.sql`request_id`)} AS "requestId"
    FROM taken GROUP BY email_key, address ORDER BY max(requested_at) DESC`);
}

/** Serializes the processes that resolve requests, until the end of the transaction. */
export async function lockResetRequests(db: Db): Promise<void> {
  await lockUntilCommit(db, "resetRequests");
}

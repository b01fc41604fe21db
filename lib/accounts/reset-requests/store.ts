import "server-only";
import type { Origin } from "@/lib/core/actor";
import { lockUntilCommit } from "@/lib/core/advisory-locks/store";
import { type Db, plannedEachTime } from "@/lib/core/db";
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

const isDue = (until: Date | undefined) =>
  until
    ? Prisma.sql`requested_at NOT BETWEEN ${until}::timestamptz AND ${until}::timestamptz + interval '1 minute'`
    : Prisma.sql`TRUE`;

/** Deletes requests, and returns them grouped by e-mail and network address, the most recent first. */
async function dequeue(db: Db, ids: Prisma.Sql): Promise<RequestGroup[]> {
  const latest = (column: Prisma.Sql) => Prisma.sql`(array_agg(${column} ORDER BY requested_at DESC))[1]`;
  return db.$queryRaw<RequestGroup[]>(Prisma.sql`
    WITH taken AS (DELETE FROM reset_requests WHERE id = ANY (ARRAY (${ids})) RETURNING *)
    SELECT email_key AS "emailKey", address, count(*)::int AS requests, max(requested_at) AS "requestedAt",
           ${latest(Prisma.sql`user_agent`)} AS "userAgent", ${latest(Prisma.sql`request_id`)} AS "requestId"
    FROM taken GROUP BY email_key, address ORDER BY max(requested_at) DESC ${plannedEachTime}`);
}

/**
 * Deletes and returns up to `limit` requests for the e-mail address that has waited longest.
 * @param until leaves requests that were made in the minute after. One from later still is from before the clock was set
 *   back, and does not wait
 */
export async function dequeueResetRequests(db: Db, limit: number, until?: Date): Promise<RequestGroup[]> {
  return dequeue(
    db,
    Prisma.sql`
    SELECT id FROM reset_requests WHERE ${isDue(until)} AND email_key = (
      SELECT email_key FROM reset_requests WHERE ${isDue(until)} ORDER BY requested_at, id LIMIT 1)
    ORDER BY requested_at DESC LIMIT ${limit}`,
  );
}

/** Of the `limit` oldest requests, deletes and returns those for e-mail addresses that no account has. */
export async function dequeueUnknown(db: Db, limit: number, until?: Date): Promise<RequestGroup[]> {
  return dequeue(
    db,
    Prisma.sql`
    WITH oldest AS MATERIALIZED (
      SELECT id, email_key FROM reset_requests WHERE ${isDue(until)} ORDER BY requested_at, id LIMIT ${limit}
    )
    SELECT id FROM oldest WHERE NOT EXISTS (SELECT FROM users WHERE users.email_key = oldest.email_key)`,
  );
}

/** Serializes the processes that resolve requests, until the end of the transaction. */
export async function lockResetRequests(db: Db): Promise<void> {
  await lockUntilCommit(db, "resetRequests");
}

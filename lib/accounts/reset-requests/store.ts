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

/**
 * Which requests may be taken. `until`: leaves those that were made in the minute after; one from later still is from
 * before the clock was set back, and does not wait. `except`: leaves those for these e-mail addresses.
 */
export type Due = Readonly<{ until: Date | undefined; except: readonly string[] }>;

const isDue = ({ until, except }: Due) => {
  const isSettled = until
    ? Prisma.sql`requested_at NOT BETWEEN ${until}::timestamptz AND ${until}::timestamptz + interval '1 minute'`
    : Prisma.sql`TRUE`;
  return Prisma.sql`${isSettled} AND email_key <> ALL(${[...except]}::text[])`;
};

const hasAccount = Prisma.sql`EXISTS (SELECT FROM users WHERE users.email_key = oldest.email_key)`;

/** The `limit` oldest requests that are due. */
const oldestOf = (due: Due, limit: number) => Prisma.sql`
  oldest AS MATERIALIZED (
    SELECT id, email_key, requested_at FROM reset_requests WHERE ${isDue(due)} ORDER BY requested_at, id LIMIT ${limit}
  )`;

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
 * Deletes and returns up to `limit` requests for some e-mail addresses: the latest one for each address, then the one
 * before it for each, and so on. So however many there are for one address, there is one for each, if `limit` allows.
 */
export async function dequeueResetRequests(
  db: Db,
  emailKeys: readonly string[],
  due: Due,
  limit: number,
): Promise<RequestGroup[]> {
  return dequeue(
    db,
    Prisma.sql`
    SELECT id FROM reset_requests WHERE ${isDue(due)} AND email_key = ANY(${[...emailKeys]}::text[])
    ORDER BY row_number() OVER (PARTITION BY email_key ORDER BY requested_at DESC), requested_at LIMIT ${limit}`,
  );
}

/** Of the `limit` oldest requests, deletes and returns those for e-mail addresses that no account has. */
export async function dequeueUnknown(db: Db, due: Due, limit: number): Promise<RequestGroup[]> {
  return dequeue(db, Prisma.sql`WITH ${oldestOf(due, limit)} SELECT id FROM oldest WHERE NOT ${hasAccount}`);
}

/**
 * Returns the e-mail addresses, up to `limit`, that have waited longest of those that an account has, as far as they
 * are among the `requests` oldest requests.
 */
export async function findWaiting(
  db: Db,
  due: Due,
  { limit, requests }: { limit: number; requests: number },
): Promise<string[]> {
  const waiting = await db.$queryRaw<{ emailKey: string }[]>(Prisma.sql`
    WITH ${oldestOf(due, requests)}
    SELECT email_key AS "emailKey" FROM oldest WHERE ${hasAccount}
    GROUP BY email_key ORDER BY min(requested_at) LIMIT ${limit} ${plannedEachTime}`);
  return waiting.map(({ emailKey }) => emailKey);
}

/** Serializes the processes that resolve requests, until the end of the transaction. */
export async function lockResetRequests(db: Db): Promise<void> {
  await lockUntilCommit(db, "resetRequests");
}

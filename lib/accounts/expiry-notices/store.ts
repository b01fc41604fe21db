import "server-only";
import type { Db } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import type { NoticeBand } from "./rules";

export type ExpiringAccount = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  passwordSetAt: Date;
};

/** A place in the order in which accounts are told: that of their passwords. */
export type Place = Pick<ExpiringAccount, "id" | "passwordSetAt">;

type Row = ExpiringAccount & { isTold: boolean };

/**
 * Notes for active accounts that their owner is told, and returns them: of the next `limit` after a place in the order
 * that have not been told, those that nobody else notes at this moment. Each account is noted once for each day on which
 * its password would expire, and each distance from it.
 * @param policy the period, and when expiry was switched on, which starts every older password's period
 * @returns `end`: the last place that was looked at; null when nobody comes after it
 */
export async function noteExpiryNotices(
  db: Db,
  band: NoticeBand,
  policy: { periodMs: number; switchedOnAt: Date | null },
  { after, limit, now }: { after: Place | null; limit: number; now: Date },
): Promise<{ told: ExpiringAccount[]; end: Place | null }> {
  const began = Prisma.sql`greatest(password_set_at, ${policy.switchedOnAt}::timestamptz)`;
  const expiresAt = Prisma.sql`${began} + ${policy.periodMs}::bigint * interval '1 millisecond'`;
  const earliest = new Date(band.after.getTime() - policy.periodMs);
  const latest = new Date(band.until.getTime() - policy.periodMs);
  // The same of the password itself, in whose order the index has the accounts; none is younger than its period.
  const setAt = [Prisma.sql`password_set_at <= ${latest}::timestamptz`];
  if (!policy.switchedOnAt || policy.switchedOnAt <= earliest)
    setAt.push(Prisma.sql`password_set_at > ${earliest}::timestamptz`);
  if (after)
    setAt.push(Prisma.sql`(password_set_at, id) > (${after.passwordSetAt}::timestamptz, ${after.id}::uuid)`);
  // Asked of each account: a join could read everybody's notices for each hundred.
  const notice = Prisma.sql`(
    SELECT true FROM expiry_notices AS n
    WHERE n.user_id = u.id AND n.expires_at = ${expiresAt} AND n.days = ${band.days}::smallint)`;
  const rows = await db.$queryRaw<Row[]>(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id, email, first_name AS "firstName", last_name AS "lastName", password_set_at AS "passwordSetAt",
        ${expiresAt} AS expires_at
      FROM users AS u
      WHERE state = 'ACTIVE' AND ${Prisma.join(setAt, " AND ")}
        AND ${began} > ${earliest}::timestamptz AND ${began} <= ${latest}::timestamptz AND ${notice} IS NULL
      ORDER BY password_set_at, id LIMIT ${limit}
    ),
    told AS (
      INSERT INTO expiry_notices (user_id, expires_at, days, sent_at)
      SELECT id, expires_at, ${band.days}::smallint, ${now}::timestamptz FROM due
      ON CONFLICT DO NOTHING RETURNING user_id
    )
    SELECT id, email, "firstName", "lastName", "passwordSetAt", told.user_id IS NOT NULL AS "isTold"
    FROM due LEFT JOIN told ON told.user_id = due.id ORDER BY "passwordSetAt", id`);
  const told = rows.filter(({ isTold }) => isTold);
  return { told, end: (rows.length === limit && rows.at(-1)) || null };
}

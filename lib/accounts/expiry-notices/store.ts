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

/**
 * Notes for up to `limit` active accounts that their owner is told, and returns them. Each account is noted once for each
 * day on which its password would expire, and each distance from it, whoever else is doing the same at this moment.
 * @param policy the period, and when expiry was switched on, which starts every older password's period
 */
export async function noteExpiryNotices(
  db: Db,
  band: NoticeBand,
  policy: { periodMs: number; switchedOnAt: Date | null },
  { limit, now }: { limit: number; now: Date },
): Promise<ExpiringAccount[]> {
  const began = Prisma.sql`greatest(u.password_set_at, ${policy.switchedOnAt}::timestamptz)`;
  const expiresAt = Prisma.sql`${began} + ${policy.periodMs}::bigint * interval '1 millisecond'`;
  const after = new Date(band.after.getTime() - policy.periodMs);
  const until = new Date(band.until.getTime() - policy.periodMs);
  return db.$queryRaw<ExpiringAccount[]>(Prisma.sql`
    WITH told AS (
      INSERT INTO expiry_notices (user_id, expires_at, days, sent_at)
      SELECT u.id, ${expiresAt}, ${band.days}::smallint, ${now}::timestamptz FROM users AS u
      WHERE u.state = 'ACTIVE' AND u.password_set_at IS NOT NULL
        AND ${began} > ${after}::timestamptz AND ${began} <= ${until}::timestamptz
        AND NOT EXISTS (
          SELECT FROM expiry_notices AS n
          WHERE n.user_id = u.id AND n.expires_at = ${expiresAt} AND n.days = ${band.days}::smallint
        )
      LIMIT ${limit}
      ON CONFLICT DO NOTHING RETURNING user_id
    )
    SELECT u.id, u.email, u.first_name AS "firstName", u.last_name AS "lastName",
      u.password_set_at AS "passwordSetAt"
    FROM told JOIN users AS u ON u.id = told.user_id`);
}

import "server-only";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { Prisma, type User } from "@/prisma/generated/client";
import type { NoticeWindow } from "./rules";

export type ExpiringAccount = Pick<User, "id" | "email" | "firstName" | "lastName"> & { passwordSetAt: Date };

/** A keyset cursor in the order in which accounts are examined: by `passwordSetAt`, then id. */
export type NoticeCursor = Pick<ExpiringAccount, "id" | "passwordSetAt">;

type Row = ExpiringAccount & { isNotified: boolean };

/**
 * Examines up to `limit` active accounts after a cursor, records a notice for each whose password expires in the
 * window, and returns those accounts. The primary key of `expiry_notices` admits one notice for each account, expiry
 * time and distance, also when several processes run this at the same time. Leaves an account that another transaction
 * is changing to a later call, and locks the others until the end of the transaction: whatever replaces a password, or
 * closes an account, then finds the notice and withdraws it.
 * @param policy the period in milliseconds, and when expiry was switched on: older passwords start their period then
 * @returns `notified`: the accounts with a new notice; `end`: the cursor for the next call, null when no accounts are
 * left
 */
export async function noteExpiryNotices(
  db: Db,
  window: NoticeWindow,
  policy: { periodMs: number; switchedOnAt: Date | null },
  { after, limit, now }: { after: NoticeCursor | null; limit: number; now: Date },
): Promise<{ notified: ExpiringAccount[]; end: NoticeCursor | null }> {
  const { periodMs, switchedOnAt } = policy;
  // The window, shifted back by one period: when the periods began that end in it.
  const earliest = new Date(window.after.getTime() - periodMs);
  const latest = new Date(window.until.getTime() - periodMs);
  if (switchedOnAt && switchedOnAt > latest) return { notified: [], end: null };
  // The conditions compare the indexed column itself. For an expression computed from it, PostgreSQL would estimate
  // very few matches and sort all accounts for each batch.
  const isInBand = [Prisma.sql`password_set_at <= ${latest}::timestamptz`];
  if (!switchedOnAt || switchedOnAt <= earliest)
    isInBand.push(Prisma.sql`password_set_at > ${earliest}::timestamptz`);
  if (after)
    isInBand.push(
      Prisma.sql`(password_set_at, id) > (${after.passwordSetAt}::timestamptz, ${after.id}::uuid)`,
    );
  const began = Prisma.sql`greatest(password_set_at, ${switchedOnAt}::timestamptz)`;
  const rows = await db.$queryRaw<Row[]>(Prisma.sql`
    WITH seen AS MATERIALIZED (
      SELECT id, email, first_name AS "firstName", last_name AS "lastName", password_set_at AS "passwordSetAt",
        ${began} + ${periodMs}::bigint * interval '1 millisecond' AS expires_at
      FROM users WHERE state = 'ACTIVE' AND ${Prisma.join(isInBand, " AND ")}
      ORDER BY password_set_at, id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED ${plannedEachTime}
    ),
    notified AS (
      INSERT INTO expiry_notices (user_id, expires_at, days, sent_at)
      SELECT id, expires_at, ${window.days}::smallint, ${now}::timestamptz FROM seen
      ON CONFLICT DO NOTHING RETURNING user_id
    )
    SELECT id, email, "firstName", "lastName", "passwordSetAt", notified.user_id IS NOT NULL AS "isNotified"
    FROM seen LEFT JOIN notified ON notified.user_id = seen.id ORDER BY "passwordSetAt", id`);
  const notified = rows.filter(({ isNotified }) => isNotified);
  return { notified, end: (rows.length === limit && rows.at(-1)) || null };
}

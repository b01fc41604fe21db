import "server-only";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";

/** Stores the hash of a password that is being replaced. */
export async function insertReplacedPassword(
  db: Db,
  replaced: { userId: string; hash: string; replacedAt: Date },
): Promise<void> {
  await db.passwordHistory.create({ data: replaced });
}

/** Finds the hashes of an account's passwords that were replaced at or after `since`, newest first. */
export async function findReplacedPasswords(db: Db, userId: string, since: Date): Promise<string[]> {
  const rows = await db.passwordHistory.findMany({
    where: { userId, replacedAt: { gte: since } },
    orderBy: { replacedAt: "desc" },
    select: { hash: true },
  });
  return rows.map((row) => row.hash);
}

/**
 * Deletes up to `limit` passwords of any account replaced before `horizon`, or at any time if null; skips locked rows,
 * so that it can deadlock with no change or deletion of an account.
 * @returns how many
 */
export async function deleteReplacedPasswords(db: Db, horizon: Date | null, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH old AS MATERIALIZED (
      SELECT id FROM password_history WHERE replaced_at < coalesce(${horizon}::timestamptz, 'infinity')
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    DELETE FROM password_history WHERE id = ANY (ARRAY (SELECT id FROM old))`);
}

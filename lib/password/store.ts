import "server-only";
import type { Db } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";

/** Remembers a password that is being replaced. */
export async function insertReplacedPassword(
  db: Db,
  replaced: { userId: string; hash: string; replacedAt: Date },
): Promise<void> {
  await db.passwordHistory.create({ data: replaced });
}

/** The hashes of the passwords that a person gave up at or after `since`. */
export async function findReplacedPasswords(db: Db, userId: string, since: Date): Promise<string[]> {
  const rows = await db.passwordHistory.findMany({
    where: { userId, replacedAt: { gte: since } },
    orderBy: { replacedAt: "desc" },
    select: { hash: true },
  });
  return rows.map((row) => row.hash);
}

/** Forgets the passwords that a person gave up before `horizon`. */
export async function pruneReplacedPasswords(db: Db, userId: string, horizon: Date): Promise<void> {
  await db.passwordHistory.deleteMany({ where: { userId, replacedAt: { lt: horizon } } });
}

/** Forgets up to `limit` passwords that anybody gave up before `horizon`; null means whenever. @returns how many */
export async function deleteReplacedPasswords(db: Db, horizon: Date | null, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    DELETE FROM password_history WHERE id IN (
      SELECT id FROM password_history WHERE replaced_at < coalesce(${horizon}::timestamptz, 'infinity') LIMIT ${limit}
    )`);
}

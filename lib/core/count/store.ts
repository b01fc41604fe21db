import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { type Db, plannedEachTime } from "../db";
import { COUNT_LIMIT } from "./rules";

/** Returns the subquery that counts the rows of a query, and stops once there are more than `COUNT_LIMIT`. */
export const countUpToLimit = (rows: Prisma.Sql) =>
  Prisma.sql`(SELECT count(*)::int FROM (${rows} LIMIT ${COUNT_LIMIT + 1}) AS counted)`;

/** Counts the rows of a query, and stops once there are more than `COUNT_LIMIT`. */
export async function countRows(db: Db, rows: Prisma.Sql): Promise<number> {
  const counts = await db.$queryRaw<{ n: number }[]>(
    Prisma.sql`SELECT ${countUpToLimit(rows)} AS n ${plannedEachTime}`,
  );
  return counts[0]?.n ?? 0;
}

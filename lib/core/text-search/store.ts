import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { searchPatterns } from "./rules";

/**
 * Returns a subquery for the rows that a search finds, by a statement for each of its patterns. PostgreSQL plans these one
 * by one. With OR between a few patterns of rare text, it would expect to meet one of them soon, and read the whole table.
 *
 * @param search undefined finds all
 * @param isMatch the condition that a row matches a pattern
 * @param select the statement that reads the rows for which a condition is true
 */
export function foundBy(
  search: string | undefined,
  isMatch: (pattern: string) => Prisma.Sql,
  select: (isFound: Prisma.Sql) => Prisma.Sql,
): Prisma.Sql {
  const conditions = search === undefined ? [Prisma.sql`TRUE`] : searchPatterns(search).map(isMatch);
  return Prisma.sql`(${Prisma.join(conditions.map(select), ") UNION (", "(", ")")}) AS found`;
}

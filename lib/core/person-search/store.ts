import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { plannedEachTime } from "../db";
import { likeLiteral } from "../text-search/rules";
import { matchesInsideWords } from "./rules";

// Must be exactly the expression of `users_search_idx`, or PostgreSQL does not use that index.
const searched = Prisma.sql`(' ' || email_key || ' ' || lower(first_name) || ' ' || lower(last_name))`;

/** Returns the SQL condition on `users` for a search. */
export function matchesPerson(search: string): Prisma.Sql {
  const text = likeLiteral(search.normalize("NFC"));
  const pattern = matchesInsideWords(search) ? `%${text}%` : `% ${text}%`;
  // PostgreSQL lowercases both sides, because JavaScript's rules may differ from its own.
  return Prisma.sql`${searched} LIKE lower(${pattern}) ${plannedEachTime}`;
}

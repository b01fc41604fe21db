import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { plannedEachTime } from "../db";
import { likeLiteral } from "../text-search/rules";
import { isFoundAnywhere } from "./rules";

// The expression of the index, to the letter.
const searched = Prisma.sql`(' ' || email_key || ' ' || lower(first_name) || ' ' || lower(last_name))`;

/** The condition on rows of `users` that a search stands for. */
export function matchesPerson(search: string): Prisma.Sql {
  const text = likeLiteral(search.normalize("NFC"));
  const pattern = isFoundAnywhere(search) ? `%${text}%` : `% ${text}%`;
  // Lowered on both sides by the same hand.
  return Prisma.sql`${searched} LIKE lower(${pattern}) ${plannedEachTime}`;
}

import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { plannedEachTime } from "../db";
import { isFoundAnywhere } from "./rules";

/** `%` and `_` typed by a person mean themselves. */
const literal = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`);

// The expression of the index, to the letter.
const searched = Prisma.sql`(' ' || email_key || ' ' || lower(first_name) || ' ' || lower(last_name))`;

/** The condition on rows of `users` that a search stands for. */
export function matchesPerson(search: string): Prisma.Sql {
  const text = literal(search.normalize("NFC"));
  const pattern = isFoundAnywhere(search) ? `%${text}%` : `% ${text}%`;
  // Lowered on both sides by the same hand.
  return Prisma.sql`${searched} LIKE lower(${pattern}) ${plannedEachTime}`;
}

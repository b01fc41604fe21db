import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import type { UserRow, UsersPageQuery } from "../schema";
import { countUsers, findUserPage } from "../store";

type NumberedPage = { users: UserRow[]; total: number };

/**
 * Returns a numbered page of accounts, and the number of matches.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function pageUsers(
  actor: Actor,
  query: UsersPageQuery,
  now = new Date(),
): Promise<NumberedPage> {
  const administrator = requireAdministrator(actor);
  return readListInTurn(administrator, () => readNumberedPage(query, now));
}

async function readNumberedPage(query: UsersPageQuery, now: Date): Promise<NumberedPage> {
  const total = await countUsers(db(), query.search);
  // A page beyond the last one is not queried: it would scan all accounts for nothing.
  if (query.page * query.pageSize >= total) return { users: [], total };
  return { users: await findUserPage(db(), query, total, now), total };
}

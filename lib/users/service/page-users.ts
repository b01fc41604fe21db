import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { UserRow, UsersPageQuery } from "../schema";
import { countUsers, findUserPage } from "../store";

/**
 * Returns a numbered page of accounts, and the number of matches.
 * @throws Refusal for anyone but a system administrator
 */
export async function pageUsers(
  actor: Actor,
  query: UsersPageQuery,
  now = new Date(),
): Promise<{ users: UserRow[]; total: number }> {
  requireAdministrator(actor);
  const total = await countUsers(db(), query.search);
  // A page beyond the last one is not queried: it would scan all accounts for nothing.
  if (query.page * query.pageSize >= total) return { users: [], total };
  return { users: await findUserPage(db(), query, total, now), total };
}

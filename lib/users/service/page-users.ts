import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { UserRow, UsersPageQuery } from "../schema";
import { countUsers, findUserPage } from "../store";

/** A numbered page of the accounts, and how many there are. @throws Refusal for anyone but a system administrator */
export async function pageUsers(
  actor: Actor,
  query: UsersPageQuery,
  now = new Date(),
): Promise<{ users: UserRow[]; total: number }> {
  requireAdministrator(actor);
  const total = await countUsers(db(), query.search);
  // However far a page is asked for, nobody walks further than there are accounts.
  if (query.page * query.pageSize >= total) return { users: [], total };
  return { users: await findUserPage(db(), query, total, now), total };
}

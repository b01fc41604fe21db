import "server-only";
import { emailKey } from "@/lib/accounts/rules";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { decodeUsersCursor, encodeUsersCursor } from "../rules";
import { USERS_PAGE_SIZE, type UserRow, usersQuerySchema } from "../schema";
import { findUserRows } from "../store";

export type UsersPage = { users: UserRow[]; nextCursor: string | null };

/** A page of the accounts. @throws Refusal for anyone but a system administrator */
export async function listUsers(actor: Actor, input: unknown, now = new Date()): Promise<UsersPage> {
  requireAdministrator(actor);
  const query = usersQuerySchema.parse(input);
  const after = query.after ? decodeUsersCursor(query.after, query.sort) : null;
  const found = await findUserRows(db(), { ...query, after }, USERS_PAGE_SIZE + 1, now);
  const users = found.slice(0, USERS_PAGE_SIZE);
  const last = users.at(-1);
  if (!last || found.length <= USERS_PAGE_SIZE) return { users, nextCursor: null };
  const value = {
    email: emailKey(last.email),
    newest: last.createdAt.toISOString(),
    "last-login": last.lastLoginAt?.toISOString() ?? null,
  }[query.sort];
  return { users, nextCursor: encodeUsersCursor({ sort: query.sort, value, id: last.id }) };
}

import "server-only";
import { emailKey } from "@/lib/accounts/rules";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { decodeUsersCursor, encodeUsersCursor } from "../rules";
import { USERS_PAGE_SIZE, type UserRow, type UserSort, type UsersQuery, usersQuerySchema } from "../schema";
import { estimateUsers, findUserRows } from "../store";

export type UsersPage = {
  users: UserRow[];
  nextCursor: string | null;
  /** The order they are in, which need not be the one that was asked for. */
  sort: UserSort;
};

/** From how many accounts on matches are not put in the order of their addresses. */
const SORTED_MATCHES_LIMIT = 50_000;

/**
 * The order of the page. Matches and addresses go together (who is searched by the beginning of an address stands in one
 * place of that order, at worst at its end), so that among a million accounts the first match may be the last one looked
 * at. How long ago an account was made has nothing to do with its address.
 */
async function sortOf({ search, sort }: UsersQuery): Promise<UserSort> {
  const isCostly = sort === "email" && search !== undefined;
  return isCostly && (await estimateUsers(db())) > SORTED_MATCHES_LIMIT ? "newest" : sort;
}

/** A page of the accounts. @throws Refusal for anyone but a system administrator */
export async function listUsers(actor: Actor, input: unknown, now = new Date()): Promise<UsersPage> {
  requireAdministrator(actor);
  const query = usersQuerySchema.parse(input);
  const sort = await sortOf(query);
  const after = query.after ? decodeUsersCursor(query.after, sort) : null;
  const found = await findUserRows(db(), { ...query, sort, after }, USERS_PAGE_SIZE + 1, now);
  const users = found.slice(0, USERS_PAGE_SIZE);
  const last = users.at(-1);
  if (!last || found.length <= USERS_PAGE_SIZE) return { users, nextCursor: null, sort };
  const value = {
    email: emailKey(last.email),
    newest: last.createdAt.toISOString(),
    "last-login": last.lastLoginAt?.toISOString() ?? null,
  }[sort];
  return { users, nextCursor: encodeUsersCursor({ sort, value, id: last.id }), sort };
}

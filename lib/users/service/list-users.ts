import "server-only";
import { emailKey } from "@/lib/accounts/rules";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { decodeUsersCursor, encodeUsersCursor } from "../rules";
import { USERS_PAGE_SIZE, type UserRow, type UserSort, type UsersQuery, usersQuerySchema } from "../schema";
import { estimateMatches, estimateUsers, findUserRows } from "../store";

export type UsersPage = {
  users: UserRow[];
  nextCursor: string | null;
  /** The order they are in, which need not be the one that was asked for. */
  sort: UserSort;
};

/** From how many accounts on a search has to choose its way. */
const MANY = 50_000;

type Way = { sort: UserSort; isGathered: boolean };

/**
 * How the matches of a search among many accounts are found, and in which order. In the order of addresses the matches may
 * all stand together (those whose address begins with what is searched), at worst at the end: of a million accounts, the
 * first match may be the last one looked at. So `newest` takes its place: when an account was made has nothing to do with
 * its address.
 *
 * There are two ways. To gather the matches and sort them looks at each match once. To walk along the order until a page
 * is full looks, for each row of the page, at as many accounts as there are, on average, to one match.
 */
async function wayOf({ search, sort, state = "active" }: UsersQuery): Promise<Way> {
  const users = search === undefined ? 0 : await estimateUsers(db());
  if (search === undefined || users <= MANY) return { sort, isGathered: false };
  const found = await estimateMatches(db(), search);
  const isCheaper = found * found <= USERS_PAGE_SIZE * users;
  // The other states have few, and indexes of their own to walk through.
  return { sort: sort === "email" ? "newest" : sort, isGathered: isCheaper && state === "active" };
}

/** A page of the accounts. @throws Refusal for anyone but a system administrator */
export async function listUsers(actor: Actor, input: unknown, now = new Date()): Promise<UsersPage> {
  requireAdministrator(actor);
  const query = usersQuerySchema.parse(input);
  const { sort, isGathered } = await wayOf(query);
  const after = query.after ? decodeUsersCursor(query.after, sort) : null;
  const found = await findUserRows(db(), { ...query, sort, after, isGathered }, USERS_PAGE_SIZE + 1, now);
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

import "server-only";
import { emailKey } from "@/lib/accounts/rules";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import { decodeUsersCursor, encodeUsersCursor } from "../cursor";
import { USERS_PAGE_SIZE, type UserRow, type UserSort, type UsersQuery, usersQuerySchema } from "../schema";
import { estimateMatches, estimateUsers, findUserRows } from "../store";

export type UsersPage = {
  users: UserRow[];
  nextCursor: string | null;
  /** The sort order of the page, which may differ from the requested one. See `choosePlan`. */
  sort: UserSort;
};

/** With more accounts than this, a search chooses between two plans. */
const LARGE_TABLE = 50_000;

type SearchPlan = { sort: UserSort; sortsAllMatches: boolean };

/**
 * Chooses the plan and the sort order for a search among many accounts. In address order the matches may be adjacent
 * (addresses that begin with the search text) and, in the worst case, at the very end: a scan of a million accounts
 * would reach the first match last. Such a search is therefore sorted by `newest`, which does not correlate with the
 * address.
 *
 * The two plans: gathering reads every match once and sorts them, at a cost of `found`. Scanning the order's index
 * until a page is full reads, for each row of the page, as many accounts as there are for one match on average, at a
 * cost of `USERS_PAGE_SIZE * users / found`.
 */
async function choosePlan({ search, sort, state = "active" }: UsersQuery): Promise<SearchPlan> {
  const users = search === undefined ? 0 : await estimateUsers(db());
  if (search === undefined || users <= LARGE_TABLE) return { sort, sortsAllMatches: false };
  const found = await estimateMatches(db(), search);
  const isCheaper = found * found <= USERS_PAGE_SIZE * users;
  // The other states have few accounts, and indexes of their own to scan.
  return { sort: sort === "email" ? "newest" : sort, sortsAllMatches: isCheaper && state === "active" };
}

/** Returns a page of accounts. @throws Refusal for anyone but a system administrator, and as `readListInTurn` does */
export async function listUsers(actor: Actor, input: unknown, now = new Date()): Promise<UsersPage> {
  const administrator = requireAdministrator(actor);
  const query = usersQuerySchema.parse(input);
  return readListInTurn(administrator, () => readUsersPage(query, now));
}

async function readUsersPage(query: UsersQuery, now: Date): Promise<UsersPage> {
  const { sort, sortsAllMatches } = await choosePlan(query);
  const after = query.after ? decodeUsersCursor(query.after, sort) : null;
  const found = await findUserRows(
    db(),
    { ...query, sort, after, sortsAllMatches },
    USERS_PAGE_SIZE + 1,
    now,
  );
  const users = found.slice(0, USERS_PAGE_SIZE);
  const last = users.at(-1);
  if (!last || found.length <= USERS_PAGE_SIZE) return { users, nextCursor: null, sort };
  const value = {
    email: emailKey(last.email),
    newest: last.createdAt.toISOString(),
    "last-login": last.lastLoginAt?.toISOString() ?? null,
    "oldest-login": last.lastLoginAt?.toISOString() ?? null,
  }[sort];
  return { users, nextCursor: encodeUsersCursor({ sort, value, id: last.id }), sort };
}

import "server-only";
import { lockUntilCommit } from "@/lib/core/advisory-locks/store";
import { countRows, countUpToLimit } from "@/lib/core/count/store";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { matchesPerson } from "@/lib/core/person-search/store";
import { Prisma, type User } from "@/prisma/generated/client";
import type { UsersCursor } from "./cursor";
import { type StoredUserRow, toUserRow } from "./rules";
import type { UserRow, UserSort, UserState, UserStateFilter, UsersPageQuery } from "./schema";

export type UsersFilter = {
  search?: string | undefined;
  state?: UserStateFilter | undefined;
  authority?: User["authority"] | undefined;
  sort: UserSort;
  after?: UsersCursor | null | undefined;
};

const rowColumns = Prisma.sql`
  id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
  created_at AS "createdAt", last_login_at AS "lastLoginAt", locked_at AS "lockedAt", locked_until AS "lockedUntil"`;

// These expressions must be identical to those of the indexes, or PostgreSQL cannot use them.
const isLocked = (now: Date) =>
  Prisma.sql`(locked_at IS NOT NULL AND COALESCE(locked_until, 'infinity'::timestamptz) > ${now})`;
const loggedInAt = Prisma.sql`COALESCE(last_login_at, '-infinity'::timestamptz)`;

function stateIs(state: UserStateFilter, now: Date): Prisma.Sql {
  switch (state) {
    case "invited":
      return Prisma.sql`state = 'INVITED'`;
    case "invited-without-link":
      return Prisma.sql`state = 'INVITED' AND NOT EXISTS (
        SELECT FROM account_links AS link WHERE link.user_id = users.id AND link.purpose = 'ACTIVATION'
          AND link.used_at IS NULL AND link.superseded_at IS NULL AND link.expires_at > ${now})`;
    case "disabled":
      return Prisma.sql`state = 'DISABLED'`;
    case "locked":
      return Prisma.sql`state = 'ACTIVE' AND ${isLocked(now)}`;
    case "active":
      return Prisma.sql`state = 'ACTIVE' AND NOT ${isLocked(now)}`;
  }
}

const authorityIs: Record<User["authority"], Prisma.Sql> = {
  SYS_ADMIN: Prisma.sql`authority = 'SYS_ADMIN'`,
  TENANT_ADMIN: Prisma.sql`authority = 'TENANT_ADMIN'`,
  CUSTOMER_USER: Prisma.sql`authority = 'CUSTOMER_USER'`,
};

/** The sort orders, and the condition for rows after a cursor. Each order has its index, the last one backwards. */
const orders: Record<UserSort, { by: Prisma.Sql; after: (cursor: UsersCursor) => Prisma.Sql }> = {
  email: {
    by: Prisma.sql`email_key ASC`,
    after: ({ value }) => Prisma.sql`email_key > ${value ?? ""}`,
  },
  newest: {
    by: Prisma.sql`created_at DESC, id DESC`,
    after: ({ value, id }) => Prisma.sql`(created_at, id) < (${value}::timestamptz, ${id}::uuid)`,
  },
  "last-login": {
    by: Prisma.sql`${loggedInAt} DESC, id DESC`,
    after: ({ value, id }) =>
      Prisma.sql`(${loggedInAt}, id) < (${value ?? "-infinity"}::timestamptz, ${id}::uuid)`,
  },
  "oldest-login": {
    by: Prisma.sql`${loggedInAt} ASC, id ASC`,
    after: ({ value, id }) =>
      Prisma.sql`(${loggedInAt}, id) > (${value ?? "-infinity"}::timestamptz, ${id}::uuid)`,
  },
};

/** Estimates the number of accounts from PostgreSQL's statistics, without reading the table. */
export async function estimateUsers(db: Db): Promise<number> {
  const rows = await db.$queryRaw<{ estimate: number }[]>(
    Prisma.sql`SELECT reltuples AS estimate FROM pg_class WHERE oid = 'users'::regclass`,
  );
  return rows[0]?.estimate ?? 0;
}

/** Estimates how many accounts match a search, from PostgreSQL's query plan. Reads no accounts. */
export async function estimateMatches(db: Db, search: string): Promise<number> {
  const rows = await db.$queryRaw<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>(
    Prisma.sql`EXPLAIN (FORMAT JSON) SELECT FROM users WHERE ${matchesPerson(search)}`,
  );
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

/**
 * Finds up to `limit` accounts in the filter's order.
 * @param filter `sortsAllMatches`: read all matches and sort them. Otherwise PostgreSQL chooses the plan: with a LIMIT it
 *   expects to find enough matches early in the order's index, and underestimates the cost of pages that are not cached
 */
export async function findUserRows(
  db: Db,
  filter: UsersFilter & { sortsAllMatches?: boolean },
  limit: number,
  now: Date,
): Promise<UserRow[]> {
  const { search, state, authority, sort, after, sortsAllMatches = false } = filter;
  const where = [Prisma.sql`TRUE`];
  if (state) where.push(stateIs(state, now));
  if (authority) where.push(authorityIs[authority]);
  if (search && !sortsAllMatches) where.push(matchesPerson(search));
  if (after) where.push(orders[sort].after(after));
  // OFFSET 0 keeps PostgreSQL from merging the subquery into the outer query.
  const source =
    search && sortsAllMatches
      ? Prisma.sql`(SELECT * FROM users WHERE ${matchesPerson(search)} OFFSET 0) AS users`
      : Prisma.sql`users`;
  const rows = await db.$queryRaw<StoredUserRow[]>(Prisma.sql`
    SELECT ${rowColumns} FROM ${source}
    WHERE ${Prisma.join(where, " AND ")} ORDER BY ${orders[sort].by} LIMIT ${limit}`);
  return rows.map((row) => toUserRow(row, now));
}

/**
 * Counts all accounts, or those that match a search, exactly. An index counts a million in about a tenth of a second.
 */
export async function countUsers(db: Db, search: string | undefined): Promise<number> {
  const where = search ? matchesPerson(search) : Prisma.sql`TRUE`;
  const rows = await db.$queryRaw<{ total: number }[]>(
    Prisma.sql`SELECT count(*)::int AS total FROM users WHERE ${where}`,
  );
  return rows[0]?.total ?? 0;
}

/** Counts the accounts in each state of the list, up to `COUNT_LIMIT` each. */
export async function countUsersByState(db: Db, now: Date): Promise<Record<UserState, number>> {
  const count = (state: UserState) =>
    countUpToLimit(Prisma.sql`SELECT FROM users WHERE ${stateIs(state, now)}`);
  const rows = await db.$queryRaw<Record<UserState, number>[]>(Prisma.sql`
    SELECT ${count("invited")} AS invited, ${count("active")} AS active, ${count("disabled")} AS disabled,
           ${count("locked")} AS locked ${plannedEachTime}`);
  return rows[0] ?? { invited: 0, active: 0, disabled: 0, locked: 0 };
}

/** Counts the invited accounts that have no activation link that works, up to `COUNT_LIMIT`. */
export async function countExpiredInvitations(db: Db, now: Date): Promise<number> {
  return countRows(db, Prisma.sql`SELECT FROM users WHERE ${stateIs("invited-without-link", now)}`);
}

/** The columns to sort by, the last of which is the unique `identity` that breaks ties. Each order has its index. */
type NumberedOrder = { columns: readonly Prisma.Sql[]; identity: Prisma.Sql };
const thenById = (column: Prisma.Sql): NumberedOrder => {
  const identity = Prisma.sql`id`;
  return { columns: [column, identity], identity };
};
const emailColumn = Prisma.sql`email_key`;
const numberedOrders: Record<UsersPageQuery["sortProperty"], NumberedOrder> = {
  createdTime: thenById(Prisma.sql`created_at`),
  email: { columns: [emailColumn], identity: emailColumn },
  firstName: thenById(Prisma.sql`first_name`),
  lastName: thenById(Prisma.sql`last_name`),
};

/**
 * Up to this many matches are collected and sorted. If more match, a scan of the order's index finds a page soon
 * enough.
 */
const GATHERED_MATCHES_LIMIT = 200_000;

/**
 * Finds a numbered page of accounts. The rows before it are skipped in an index; only the page's rows are read.
 * @param total how many accounts match, which decides the plan
 */
export async function findUserPage(
  db: Db,
  { search, sortProperty, sortOrder, pageSize, page }: UsersPageQuery,
  total: number,
  now: Date,
): Promise<UserRow[]> {
  const { columns, identity } = numberedOrders[sortProperty];
  const direction = sortOrder === "DESC" ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const by = Prisma.join(columns.map((column) => Prisma.sql`${column} ${direction}`));
  // By default, PostgreSQL scans the order's index, although all matches may be at its end.
  const sortsAllMatches = search !== undefined && total <= GATHERED_MATCHES_LIMIT;
  const rows = await db.$queryRaw<StoredUserRow[]>(Prisma.sql`
    WITH found AS ${sortsAllMatches ? Prisma.sql`MATERIALIZED` : Prisma.sql`NOT MATERIALIZED`} (
      SELECT ${Prisma.join(columns)} FROM users WHERE ${search ? matchesPerson(search) : Prisma.sql`TRUE`}
    )
    SELECT ${rowColumns} FROM users JOIN (
      SELECT ${identity} AS place FROM found ORDER BY ${by} LIMIT ${pageSize} OFFSET ${page * pageSize}
    ) AS page ON ${identity} = place
    ORDER BY ${by}`);
  return rows.map((row) => toUserRow(row, now));
}

/** Changes an account's state; false when it is no longer in state `from`. */
export async function moveState(
  db: Db,
  id: string,
  from: User["state"],
  to: User["state"],
): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { id, state: from }, data: { state: to } });
  return count === 1;
}

/**
 * Serializes changes of addresses, until the end of the transaction. Two accounts that swap theirs at the same moment
 * would each wait for the other to give its address up, which PostgreSQL ends as a deadlock.
 */
export async function lockAddressChanges(db: Db): Promise<void> {
  await lockUntilCommit(db, "addresses");
}

/** Updates an account's address and name. @throws a unique violation when another account has the address */
export async function updateIdentity(
  db: Db,
  id: string,
  identity: { email: string; emailKey: string; firstName: string; lastName: string },
): Promise<void> {
  await db.user.update({ where: { id }, data: identity, select: { id: true } });
}

/** Gives an account another authority. */
export async function writeAuthority(db: Db, id: string, authority: User["authority"]): Promise<void> {
  await db.user.update({ where: { id }, data: { authority }, select: { id: true } });
}

/** Deletes an account and all rows that refer to it, except its audit events and its mails. */
export async function deleteUserRow(db: Db, id: string): Promise<void> {
  await db.user.delete({ where: { id }, select: { id: true } });
}

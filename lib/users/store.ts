import "server-only";
import type { Db } from "@/lib/core/db";
import { matchesPerson } from "@/lib/core/person-search/store";
import { Prisma, type User } from "@/prisma/generated/client";
import { toUserRow, type UsersCursor } from "./rules";
import type { UserRow, UserSort, UserState, UsersPageQuery } from "./schema";

export type UsersFilter = {
  search?: string | undefined;
  state?: UserState | undefined;
  sort: UserSort;
  after?: UsersCursor | null | undefined;
};

type Row = Pick<
  User,
  | "id"
  | "email"
  | "firstName"
  | "lastName"
  | "authority"
  | "state"
  | "createdAt"
  | "lastLoginAt"
  | "lockedAt"
  | "lockedUntil"
>;

const rowColumns = Prisma.sql`
  id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
  created_at AS "createdAt", last_login_at AS "lastLoginAt", locked_at AS "lockedAt", locked_until AS "lockedUntil"`;

// The expressions below are those of the indexes, to the letter.
const isLocked = (now: Date) =>
  Prisma.sql`(locked_at IS NOT NULL AND COALESCE(locked_until, 'infinity'::timestamptz) > ${now})`;
const loggedInAt = Prisma.sql`COALESCE(last_login_at, '-infinity'::timestamptz)`;

function stateIs(state: UserState, now: Date): Prisma.Sql {
  switch (state) {
    case "invited":
      return Prisma.sql`state = 'INVITED'`;
    case "disabled":
      return Prisma.sql`state = 'DISABLED'`;
    case "locked":
      return Prisma.sql`state = 'ACTIVE' AND ${isLocked(now)}`;
    case "active":
      return Prisma.sql`state = 'ACTIVE' AND NOT ${isLocked(now)}`;
  }
}

/** The order, and what comes after a cursor in it; each order has its index. */
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
};

/** About how many accounts there are, as PostgreSQL's own statistics have it; it costs nothing to ask. */
export async function estimateUsers(db: Db): Promise<number> {
  const rows = await db.$queryRaw<{ estimate: number }[]>(
    Prisma.sql`SELECT reltuples AS estimate FROM pg_class WHERE oid = 'users'::regclass`,
  );
  return rows[0]?.estimate ?? 0;
}

/** About how many accounts match, as PostgreSQL would plan for; it looks at none of them. */
export async function estimateMatches(db: Db, search: string): Promise<number> {
  const rows = await db.$queryRaw<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>(
    Prisma.sql`EXPLAIN (FORMAT JSON) SELECT FROM users WHERE ${matchesPerson(search)}`,
  );
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

/**
 * Up to `limit` accounts in the filter's order.
 * @param isGathered whether all matches are looked at and then sorted; else PostgreSQL chooses, which on a page's limit
 * hopes to meet enough of them early in the order, and takes a page that is not in its memory for a cheap one
 */
export async function findUserRows(
  db: Db,
  filter: UsersFilter & { isGathered?: boolean },
  limit: number,
  now: Date,
): Promise<UserRow[]> {
  const { search, state, sort, after, isGathered = false } = filter;
  const where = [Prisma.sql`TRUE`];
  if (state) where.push(stateIs(state, now));
  if (search && !isGathered) where.push(matchesPerson(search));
  if (after) where.push(orders[sort].after(after));
  // OFFSET keeps PostgreSQL from planning the two as one.
  const source =
    search && isGathered
      ? Prisma.sql`(SELECT * FROM users WHERE ${matchesPerson(search)} OFFSET 0) AS found`
      : Prisma.sql`users`;
  const rows = await db.$queryRaw<Row[]>(Prisma.sql`
    SELECT ${rowColumns} FROM ${source}
    WHERE ${Prisma.join(where, " AND ")} ORDER BY ${orders[sort].by} LIMIT ${limit}`);
  return rows.map((row) => toUserRow(row, now));
}

/** How many accounts there are, or match. Exact; a million are counted in an index in about a tenth of a second. */
export async function countUsers(db: Db, search: string | undefined): Promise<number> {
  const where = search ? matchesPerson(search) : Prisma.sql`TRUE`;
  const rows = await db.$queryRaw<{ total: number }[]>(
    Prisma.sql`SELECT count(*)::int AS total FROM users WHERE ${where}`,
  );
  return rows[0]?.total ?? 0;
}

/** A column to sort by, and what tells rows apart that are equal in it; together they are an index. */
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

/** Up to how many matches are gathered and sorted; more are met soon enough on a walk through the order's index. */
const GATHERED_MATCHES_LIMIT = 200_000;

/**
 * A numbered page of the accounts. The rows before it are passed over in an index alone; only the page's are read.
 * @param total how many match, which decides how they are looked for
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
  // Left to itself, PostgreSQL walks the index although all matches may stand at its end.
  const isGathered = search !== undefined && total <= GATHERED_MATCHES_LIMIT;
  const rows = await db.$queryRaw<Row[]>(Prisma.sql`
    WITH found AS ${isGathered ? Prisma.sql`MATERIALIZED` : Prisma.sql`NOT MATERIALIZED`} (
      SELECT ${Prisma.join(columns)} FROM users WHERE ${search ? matchesPerson(search) : Prisma.sql`TRUE`}
    )
    SELECT ${rowColumns} FROM users JOIN (
      SELECT ${identity} AS place FROM found ORDER BY ${by} LIMIT ${pageSize} OFFSET ${page * pageSize}
    ) AS page ON ${identity} = place
    ORDER BY ${by}`);
  return rows.map((row) => toUserRow(row, now));
}

/** An account's links that can still be used. */
export async function findOpenLinks(db: Db, userId: string, now: Date) {
  return db.accountLink.findMany({
    where: { userId, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: "desc" },
    select: { id: true, purpose: true, createdAt: true, expiresAt: true },
  });
}

/** Moves an account from one state to another; false when it is not in the first any more. */
export async function moveState(
  db: Db,
  id: string,
  from: User["state"],
  to: User["state"],
): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { id, state: from }, data: { state: to } });
  return count === 1;
}

/** Writes who an account's person is. @throws a unique violation when somebody else has the address */
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

/** Removes an account with all that hangs on it; what the audit tells of it stays. False when it was gone. */
export async function deleteUserRow(db: Db, id: string): Promise<boolean> {
  const { count } = await db.user.deleteMany({ where: { id } });
  return count === 1;
}

import "server-only";
import type { Db } from "@/lib/core/db";
import { Prisma, type User } from "@/prisma/generated/client";
import { isFoundAnywhere, type UsersCursor, userState } from "./rules";
import type { UserRow, UserSort, UserState } from "./schema";

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

/** `%` and `_` typed by a person mean themselves. */
const literal = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`);

// The expressions below are those of the indexes, to the letter.
const isLocked = (now: Date) =>
  Prisma.sql`(locked_at IS NOT NULL AND COALESCE(locked_until, 'infinity'::timestamptz) > ${now})`;
const searched = Prisma.sql`(' ' || email_key || ' ' || lower(first_name) || ' ' || lower(last_name))`;
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

/** Up to `limit` accounts in the filter's order. */
export async function findUserRows(
  db: Db,
  filter: UsersFilter,
  limit: number,
  now: Date,
): Promise<UserRow[]> {
  const { search, state, sort, after } = filter;
  const where = [Prisma.sql`TRUE`];
  if (state) where.push(stateIs(state, now));
  if (search) {
    const text = literal(search.normalize("NFC"));
    const pattern = isFoundAnywhere(search) ? `%${text}%` : `% ${text}%`;
    // Lowered on both sides by the same hand.
    where.push(Prisma.sql`${searched} LIKE lower(${pattern})`);
  }
  if (after) where.push(orders[sort].after(after));
  const rows = await db.$queryRaw<Row[]>(Prisma.sql`
    SELECT id, email, first_name AS "firstName", last_name AS "lastName", authority, state,
           created_at AS "createdAt", last_login_at AS "lastLoginAt", locked_at AS "lockedAt", locked_until AS "lockedUntil"
    FROM users WHERE ${Prisma.join(where, " AND ")} ORDER BY ${orders[sort].by} LIMIT ${limit}`);
  return rows.map(({ lockedAt, lockedUntil, ...row }) => ({
    ...row,
    state: userState({ state: row.state, lockedAt, lockedUntil }, now),
  }));
}

/** An account's links that can still be used. */
export async function findOpenLinks(db: Db, userId: string, now: Date) {
  return db.accountLink.findMany({
    where: { userId, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: "desc" },
    select: { id: true, purpose: true, createdAt: true, expiresAt: true },
  });
}

/** Closes whatever links an account still has. */
export async function supersedeLinks(db: Db, userId: string, now: Date): Promise<void> {
  await db.accountLink.updateMany({
    where: { userId, usedAt: null, supersededAt: null },
    data: { supersededAt: now },
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

/** Gives an account another authority; false when it is gone, or another hand changed it first. */
export async function moveAuthority(
  db: Db,
  id: string,
  from: User["authority"],
  to: User["authority"],
): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { id, authority: from }, data: { authority: to } });
  return count === 1;
}

/** Removes an account with all that hangs on it; what the audit tells of it stays. False when it was gone. */
export async function deleteUserRow(db: Db, id: string): Promise<boolean> {
  const { count } = await db.user.deleteMany({ where: { id } });
  return count === 1;
}

/** How many of an account's sessions are alive. */
export async function countLiveSessions(db: Db, userId: string, now: Date): Promise<number> {
  return db.session.count({ where: { userId, endedAt: null, renewableUntil: { gt: now } } });
}

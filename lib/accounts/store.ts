import "server-only";
import type { Db } from "@/lib/core/db";
import { takeTurn } from "@/lib/core/turns/store";
import { isHashOutdated } from "@/lib/password/hash";
import type { Authority, LinkPurpose, User } from "@/prisma/generated/client";

export type { User } from "@/prisma/generated/client";

/** The account with that id; null when there is none. */
export async function findUser(db: Db, id: string): Promise<User | null> {
  return db.user.findUnique({ where: { id } });
}

/** The account with that address, compared as `emailKey` does. */
export async function findUserByEmailKey(db: Db, emailKey: string): Promise<User | null> {
  return db.user.findUnique({ where: { emailKey } });
}

/** The oldest administrator that there is, whatever has become of it; the first one ever made may be gone. */
export async function findOldestAdministrator(db: Db): Promise<User | null> {
  return db.user.findFirst({
    where: { authority: "SYS_ADMIN" },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}

/** Whether any administrator ever chose a password. Once one has, there always is one: the last cannot be deleted. */
export async function hasActivatedAdministrator(db: Db): Promise<boolean> {
  const activated = await db.user.findFirst({
    where: { authority: "SYS_ADMIN", passwordHash: { not: null } },
    select: { id: true },
  });
  return activated !== null;
}

export type NewUser = {
  email: string;
  emailKey: string;
  firstName?: string;
  lastName?: string;
  authority: Authority;
  createdAt: Date;
} & ({ state: "INVITED" } | { state: "ACTIVE"; passwordHash: string; passwordSetAt: Date });

/** Adds an account. @throws a unique violation when the address is taken */
export async function insertUser(db: Db, user: NewUser): Promise<User> {
  return db.user.create({ data: user });
}

/**
 * Gives an account its new password. An invited account becomes active; wrong attempts are forgotten and a lock is
 * lifted, whenever it was placed. Null when the account is no longer in the state that the caller saw. A login meanwhile
 * that made the hash of the same password again has changed nothing.
 */
export async function setPassword(
  db: Db,
  user: Pick<User, "id" | "state" | "passwordHash" | "passwordSetAt">,
  passwordHash: string,
  now: Date,
): Promise<{ wasLocked: boolean } | null> {
  const { id, state, passwordSetAt } = user;
  const mayBeMadeAgain = user.passwordHash !== null && isHashOutdated(user.passwordHash);
  const isSeen = [{ passwordHash: user.passwordHash }, ...(mayBeMadeAgain ? [{ passwordSetAt }] : [])];
  const { count } = await db.user.updateMany({
    where: { id, state, OR: isSeen },
    data: { passwordHash, passwordSetAt: now, state: "ACTIVE", failedAttempts: 0 },
  });
  // By now the row is this transaction's, and nobody else places a lock or lifts one.
  return count === 1 ? { wasLocked: await liftLock(db, user.id) } : null;
}

/** Writes the name of an account. */
export async function updateProfileRow(
  db: Db,
  id: string,
  { firstName, lastName }: { firstName: string; lastName: string },
): Promise<void> {
  await db.user.update({ where: { id }, data: { firstName, lastName }, select: { id: true } });
}

/**
 * Holds an account until the end of the transaction. Whoever changes an account and its links does the account first, so
 * that no two of them ever wait for each other.
 */
export async function holdUser(db: Db, id: string): Promise<void> {
  await db.$queryRaw`SELECT id FROM users WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

export type NewLink = {
  userId: string;
  purpose: LinkPurpose;
  digest: string;
  isAnonymous: boolean;
  createdAt: Date;
  expiresAt: Date;
};

/** Adds a link. @returns its id */
export async function insertLink(db: Db, link: NewLink): Promise<string> {
  return (await db.accountLink.create({ data: link, select: { id: true } })).id;
}

/** Ends whatever links an account still has, or those of a kind. @returns their ids */
export async function supersedeLinks(
  db: Db,
  which: { userId: string; purpose?: LinkPurpose; isAnonymous?: true },
  now: Date,
): Promise<string[]> {
  const ended = await db.accountLink.updateManyAndReturn({
    where: { ...which, usedAt: null, supersededAt: null },
    data: { supersededAt: now },
    select: { id: true },
  });
  return ended.map(({ id }) => id);
}

/** The links made for an account after `since` that were neither used nor superseded, also those whose time is over. */
export async function findOpenLinkIds(db: Db, userId: string, since: Date): Promise<string[]> {
  const open = await db.accountLink.findMany({
    where: { userId, usedAt: null, supersededAt: null, createdAt: { gt: since } },
    select: { id: true },
  });
  return open.map(({ id }) => id);
}

/** The account behind a link that can still be used; null when it is used, expired, superseded or of another purpose. */
export async function findUsableLink(
  db: Db,
  digest: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<{ id: string; user: User } | null> {
  return db.accountLink.findFirst({
    where: { digest, purpose, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    select: { id: true, user: true },
  });
}

/** A link with what can have ended it, and whose it is. */
export type LinkRow = {
  id: string;
  usedAt: Date | null;
  supersededAt: Date | null;
  expiresAt: Date;
  user: Pick<User, "id" | "email">;
};

/** The link with that secret and purpose, whether it works or not; null when there never was one. */
export async function findLink(db: Db, digest: string, purpose: LinkPurpose): Promise<LinkRow | null> {
  const user = { select: { id: true, email: true } } as const;
  return db.accountLink.findFirst({
    where: { digest, purpose },
    select: { id: true, usedAt: true, supersededAt: true, expiresAt: true, user },
  });
}

/** Uses a link up; false when somebody else was faster, or its time is over. */
export async function consumeLink(db: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await db.accountLink.updateMany({
    where: { id, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/** Lifts a lock and forgets the failures that led to it; false when there is none. */
export async function liftLock(db: Db, userId: string): Promise<boolean> {
  const { count } = await db.user.updateMany({
    where: { id: userId, lockedAt: { not: null } },
    data: { lockedAt: null, lockedUntil: null, failedAttempts: 0 },
  });
  return count === 1;
}

/** Makes the servers that start on one empty database take turns, until the end of the transaction. */
export async function serializeProvisioning(db: Db): Promise<void> {
  await takeTurn(db, "provisioning");
}

/**
 * Makes the transactions that could take the last administrator away take turns: two who are locked, disabled or demoted
 * in the same instant must not each count on the other. Call it before touching the account.
 */
export async function serializeAdministratorChanges(db: Db): Promise<void> {
  await takeTurn(db, "administrators");
}

/** Whether another active system administrator is not locked for good. */
export async function hasOtherAdministrator(db: Db, userId: string): Promise<boolean> {
  const other = await db.user.findFirst({
    where: {
      authority: "SYS_ADMIN",
      state: "ACTIVE",
      id: { not: userId },
      OR: [{ lockedAt: null }, { lockedUntil: { not: null } }],
    },
    select: { id: true },
  });
  return other !== null;
}

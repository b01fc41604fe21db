import "server-only";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { type AccountLink, type LinkPurpose, Prisma, type User } from "@/prisma/generated/client";

export type NewLink = Omit<AccountLink, "id" | "usedAt" | "supersededAt">;

/** Adds links. @returns their ids by their digests */
export async function insertLinks(db: Db, links: NewLink[]): Promise<Map<string, string>> {
  const select = { id: true, digest: true } as const;
  const added = await db.accountLink.createManyAndReturn({ data: links, select });
  return new Map(added.map(({ id, digest }) => [digest, id]));
}

/**
 * Supersedes the open links of accounts, or only those of one purpose.
 * @param which.isAnonymous only those that were requested anonymously; if not, all
 * @returns their ids
 */
export async function supersedeLinks(
  db: Db,
  which: { userIds: readonly string[]; purpose?: LinkPurpose; isAnonymous?: boolean },
  now: Date,
): Promise<string[]> {
  const { userIds, purpose, isAnonymous } = which;
  const ofPurpose = purpose ? Prisma.sql`AND purpose = ${purpose}::"LinkPurpose"` : Prisma.empty;
  const requestedSo = isAnonymous ? Prisma.sql`AND is_anonymous` : Prisma.empty;
  const ended = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    UPDATE account_links SET superseded_at = ${now}
    WHERE user_id = ANY(${[...userIds]}::uuid[]) AND used_at IS NULL AND superseded_at IS NULL
      ${ofPurpose} ${requestedSo} RETURNING id ${plannedEachTime}`);
  return ended.map(({ id }) => id);
}

/**
 * Finds the links created for accounts after `since`, and not after `until`, that are neither used nor superseded;
 * includes expired ones.
 */
export async function findOpenLinks(
  db: Db,
  userIds: readonly string[],
  { since, until }: { since: Date; until: Date },
): Promise<{ id: string; userId: string }[]> {
  return db.$queryRaw(Prisma.sql`
    SELECT id, user_id AS "userId" FROM account_links
    WHERE user_id = ANY(${[...userIds]}::uuid[]) AND used_at IS NULL AND superseded_at IS NULL
      AND created_at > ${since} AND created_at <= ${until} ${plannedEachTime}`);
}

/**
 * Finds a usable link with its account; null when it is used, expired, superseded or of another purpose. The account is
 * as it was while the link was usable, and so has no password that the link has just set.
 */
export async function findUsableLink(
  db: Db,
  digest: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<{ id: string; user: User } | null> {
  const usable = { digest, purpose, usedAt: null, supersededAt: null, expiresAt: { gt: now } };
  // Not the link first with its account: Prisma reads them in two statements, and between them the link may be used.
  const user = await db.user.findFirst({ where: { links: { some: usable } } });
  const link = user && (await db.accountLink.findFirst({ where: usable, select: { id: true } }));
  return link && { id: link.id, user };
}

/** Finds an account's links that can still be used, newest first. */
export async function findUsableLinks(db: Db, userId: string, now: Date) {
  return db.accountLink.findMany({
    where: { userId, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: "desc" },
    select: { id: true, purpose: true, createdAt: true, expiresAt: true },
  });
}

/** A link with its owner and the fields that tell why it may have ended. */
export type LinkRow = Pick<AccountLink, "id" | "usedAt" | "supersededAt" | "expiresAt"> & {
  user: Pick<User, "id" | "email">;
};

/** Finds a link by the digest of its secret and its purpose, whether or not it still works; null when there is none. */
export async function findLink(db: Db, digest: string, purpose: LinkPurpose): Promise<LinkRow | null> {
  const meant = { digest, purpose };
  const ends = { id: true, usedAt: true, supersededAt: true, expiresAt: true } as const;
  // Not the link first with its account, as above: between the two statements the account may be deleted.
  const user = await db.user.findFirst({
    where: { links: { some: meant } },
    select: { id: true, email: true },
  });
  const link = user && (await db.accountLink.findFirst({ where: meant, select: ends }));
  return link && { ...link, user };
}

/** Marks a link as used; false when it is already used, superseded or expired. */
export async function consumeLink(db: Db, id: string, now: Date): Promise<boolean> {
  const { count } = await db.accountLink.updateMany({
    where: { id, usedAt: null, supersededAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/**
 * Deletes up to `limit` grants to replace an expired password, and links that unlock an account, that expired before a
 * time; skips locked rows.
 * @returns how many
 */
export async function deleteExpiredLinks(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH expired AS MATERIALIZED (
      SELECT id FROM account_links WHERE purpose IN ('PASSWORD_EXPIRED', 'UNLOCK') AND expires_at < ${before}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    DELETE FROM account_links WHERE id = ANY (ARRAY (SELECT id FROM expired))`);
}

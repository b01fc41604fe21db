import "server-only";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { type MobileSecret, Prisma, type User } from "@/prisma/generated/client";

export type NewSecret = Omit<MobileSecret, "usedAt">;

/** Stores a person's new secret in place of the earlier one, which is void from then on. */
export async function putSecret(db: Db, { userId, ...secret }: NewSecret): Promise<void> {
  await db.mobileSecret.upsert({
    where: { userId },
    create: { userId, ...secret },
    update: { ...secret, usedAt: null },
    select: { userId: true },
  });
}

/** When a secret was created, expires and was used. */
export type SecretTimes = Pick<MobileSecret, "createdAt" | "expiresAt" | "usedAt">;

/** Finds the times of a person's newest secret; null when there is none. */
export async function findSecretTimes(db: Db, userId: string): Promise<SecretTimes | null> {
  return db.mobileSecret.findUnique({
    where: { userId },
    select: { createdAt: true, expiresAt: true, usedAt: true },
  });
}

/** Finds the owner's id by a secret's digest; null when the secret is unknown, replaced or deleted. */
export async function findSecretOwner(db: Db, digest: string): Promise<string | null> {
  return (await db.mobileSecret.findUnique({ where: { digest }, select: { userId: true } }))?.userId ?? null;
}

/** Everything that decides about a secret, in one row: the secret, its owner and the session that created it. */
export type SecretRow = SecretTimes &
  Pick<MobileSecret, "sessionId"> &
  Pick<User, "id" | "email" | "firstName" | "lastName" | "authority" | "state" | "passwordSetAt"> & {
    /** When the password was last verified in that session; null when it is over or its key no longer verifies. */
    confirmedAt: Date | null;
  };

/** Finds a secret by its digest, with its owner and the session that created it, if that is still alive. */
export async function findSecret(db: Db, digest: string, now: Date): Promise<SecretRow | null> {
  const rows = await db.$queryRaw<SecretRow[]>(Prisma.sql`
    SELECT m.created_at AS "createdAt", m.expires_at AS "expiresAt", m.used_at AS "usedAt",
           u.id, u.email, u.first_name AS "firstName", u.last_name AS "lastName", u.authority, u.state,
           u.password_set_at AS "passwordSetAt", m.session_id AS "sessionId", s.confirmed_at AS "confirmedAt"
    FROM mobile_secrets m JOIN users u ON u.id = m.user_id
    LEFT JOIN (sessions s JOIN signing_keys k ON k.kid = s.kid)
      ON s.id = m.session_id AND s.ended_at IS NULL AND s.renewable_until > ${now}
         AND (k.verify_until IS NULL OR k.verify_until > ${now} AND k.retired_by IS NULL)
    WHERE m.digest = ${digest}`);
  return rows[0] ?? null;
}

/** Marks a secret as used; false when it is already used or expired. */
export async function consumeSecret(db: Db, digest: string, now: Date): Promise<boolean> {
  const { count } = await db.mobileSecret.updateMany({
    where: { digest, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/** Deletes up to `limit` secrets that expired before a time; skips rows that are locked. @returns how many */
export async function deleteExpiredSecrets(db: Db, before: Date, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH expired AS MATERIALIZED (
      SELECT user_id FROM mobile_secrets WHERE expires_at < ${before}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    DELETE FROM mobile_secrets WHERE user_id = ANY (ARRAY (SELECT user_id FROM expired))`);
}

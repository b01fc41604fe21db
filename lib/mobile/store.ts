import "server-only";
import type { Db } from "@/lib/core/db";
import { type AccountState, type Authority, Prisma } from "@/prisma/generated/client";

export type NewSecret = {
  userId: string;
  digest: string;
  sessionId: string;
  createdAt: Date;
  expiresAt: Date;
};

/** Puts a person's secret in the place of the one before it, which is good for nothing from then on. */
export async function putSecret(db: Db, { userId, ...secret }: NewSecret): Promise<void> {
  await db.mobileSecret.upsert({
    where: { userId },
    create: { userId, ...secret },
    update: { ...secret, usedAt: null },
    select: { userId: true },
  });
}

/** What may be told of a person's newest secret. */
export type SecretTimes = { createdAt: Date; expiresAt: Date; usedAt: Date | null };

/** When the person's newest secret was made, ends, and was used; null when there is none. */
export async function findSecretTimes(db: Db, userId: string): Promise<SecretTimes | null> {
  return db.mobileSecret.findUnique({
    where: { userId },
    select: { createdAt: true, expiresAt: true, usedAt: true },
  });
}

/** Whose secret it is; null for one that there is not, or no longer. */
export async function findSecretOwner(db: Db, digest: string): Promise<string | null> {
  return (await db.mobileSecret.findUnique({ where: { digest }, select: { userId: true } }))?.userId ?? null;
}

/** All that decides about a secret, in one row: the secret, its person, the session that made it and that one's key. */
export type SecretRow = SecretTimes & {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  authority: Authority;
  state: AccountState;
  passwordSetAt: Date | null;
  /** The session that made it. */
  sessionId: string;
  /** When the password was last proved in that session; null when it goes on no more. */
  confirmedAt: Date | null;
};

/** The secret, its person and the session that made it, as far as that one goes on. */
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

/** Uses a secret up; false when somebody else was faster, or its time is over. */
export async function consumeSecret(db: Db, digest: string, now: Date): Promise<boolean> {
  const { count } = await db.mobileSecret.updateMany({
    where: { digest, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/** Removes the secrets that ended before then, but for those that somebody has in hand. @returns how many */
export async function deleteSecrets(db: Db, endedBefore: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM mobile_secrets WHERE user_id IN (
      SELECT user_id FROM mobile_secrets WHERE expires_at < ${endedBefore} FOR UPDATE SKIP LOCKED)`;
}

import "server-only";
import type { Db, RawDb } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import type { Retirer } from "./rules";

/** A key of the ring as it is stored: sealed. */
export type SigningKeyRow = {
  kid: string;
  issuer: string;
  sealedKey: string;
  fingerprint: string;
  bits: number;
  createdAt: Date;
  /** When it last began to sign; null where that was not noted. */
  activatedAt: Date | null;
  /** Null for the key that signs. */
  verifyUntil: Date | null;
  retiredBy: string | null;
  /** Of a key that signs again: until when what it signed in its earlier turn can be alive. */
  earlierUntil: Date | null;
};

/** The key that signs new tokens; null on a database that was never set up. */
export async function findCurrentKey(db: RawDb): Promise<SigningKeyRow | null> {
  const rows = await db.$queryRaw<SigningKeyRow[]>(Prisma.sql`
    SELECT kid, issuer, sealed_key AS "sealedKey", fingerprint, bits, created_at AS "createdAt",
           activated_at AS "activatedAt", verify_until AS "verifyUntil", retired_by AS "retiredBy",
           earlier_until AS "earlierUntil"
    FROM signing_keys WHERE verify_until IS NULL`);
  return rows[0] ?? null;
}

/** A key of the ring, whatever has become of it. */
export async function findKey(db: Db, kid: string): Promise<SigningKeyRow | null> {
  return db.signingKey.findUnique({ where: { kid } });
}

/** A key of the ring as it is shown, with how many live sessions have their newest token from it while it verifies. */
export type RingKey = Omit<SigningKeyRow, "sealedKey" | "earlierUntil"> & { sessions: number };

/**
 * The ring in one statement: the key that signs, those that verify, the last to do so first, and the newest `retired`
 * of those that did. Sessions are counted only for keys that verify, because nobody asks for the others' and the current
 * key may have a million.
 */
export async function findKeyRing(
  db: RawDb,
  { now, retired }: { now: Date; retired: number },
): Promise<RingKey[]> {
  return db.$queryRaw<RingKey[]>(Prisma.sql`
    SELECT k.kid, k.issuer, k.fingerprint, k.bits, k.created_at AS "createdAt", k.activated_at AS "activatedAt",
           k.verify_until AS "verifyUntil", k.retired_by AS "retiredBy", s.n::int AS sessions
    FROM signing_keys AS k CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM sessions
      WHERE kid = k.kid AND ended_at IS NULL AND renewable_until > ${now} AND k.verify_until > ${now}
    ) AS s
    WHERE k.verify_until IS NULL OR k.verify_until > ${now} OR k.kid IN (
      SELECT kid FROM signing_keys WHERE verify_until <= ${now} ORDER BY verify_until DESC LIMIT ${retired}
    )
    ORDER BY k.verify_until DESC NULLS FIRST, k.created_at DESC`);
}

/** Adds the key that signs from now on. The database admits one such key at a time: the other one must have stopped. */
export async function insertCurrentKey(
  db: Db,
  key: Omit<SigningKeyRow, "verifyUntil" | "retiredBy" | "earlierUntil">,
): Promise<void> {
  await db.signingKey.create({ data: { ...key, verifyUntil: null } });
}

/**
 * Stops the current key from signing; false when it has stopped already. What it signed is accepted until `verifyUntil`.
 * @param retiredBy who refuses it from now on; null while it goes on verifying
 */
export async function stopSigning(
  db: Db,
  kid: string,
  { verifyUntil, retiredBy }: { verifyUntil: Date; retiredBy: Retirer | null },
): Promise<boolean> {
  const { count } = await db.signingKey.updateMany({
    where: { kid, verifyUntil: null },
    data: { verifyUntil, retiredBy, earlierUntil: null },
  });
  return count === 1;
}

/** Ends, at `now`, the time in which earlier keys are still accepted. */
export async function retireVerifyingKeys(db: Db, now: Date): Promise<void> {
  await db.signingKey.updateMany({
    where: { verifyUntil: { gt: now } },
    data: { verifyUntil: now, retiredBy: "sign-out" },
  });
}

/** Ends, at `now`, the time in which one key is still accepted; false when it does not verify, or signs again. */
export async function retireVerifyingKey(db: Db, kid: string, now: Date): Promise<boolean> {
  const { count } = await db.signingKey.updateMany({
    where: { kid, verifyUntil: { gt: now } },
    data: { verifyUntil: now, retiredBy: "administrator" },
  });
  return count === 1;
}

/**
 * Has a key sign again that still verifies; false when it no longer does, or somebody has refused it, by whatever clock.
 * The other one must have stopped before.
 */
export async function reinstateKey(db: Db, kid: string, now: Date): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE signing_keys SET verify_until = NULL, activated_at = ${now}, earlier_until = verify_until
    WHERE kid = ${kid}::uuid AND verify_until > ${now} AND retired_by IS NULL`;
  return count === 1;
}

/**
 * Nobody else puts a key in force, or refuses one, until the transaction ends; whoever wanted to, waits. Logins go on.
 */
export async function serializeKeyChanges(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`;
}

/** Nobody adds or changes a key, and no session begins, until the transaction ends. */
export async function lockKeyRing(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN EXCLUSIVE MODE`;
}

/** Every key as it is sealed. */
export async function findSealedKeys(db: Db): Promise<Pick<SigningKeyRow, "kid" | "sealedKey">[]> {
  return db.signingKey.findMany({ select: { kid: true, sealedKey: true } });
}

/** The same key, sealed anew. */
export async function replaceSealedKey(db: Db, kid: string, sealedKey: string): Promise<void> {
  await db.signingKey.update({ where: { kid }, data: { sealedKey } });
}

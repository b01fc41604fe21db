import "server-only";
import { COUNT_LIMIT } from "@/lib/core/count/rules";
import { countUpToLimit } from "@/lib/core/count/store";
import type { Db, RawDb } from "@/lib/core/db";
import { isUnexpiredRow } from "@/lib/core/liveness/store";
import { Prisma, type SigningKey } from "@/prisma/generated/client";
import type { Retirer } from "./rules";

/** A row of the key ring; the key itself is sealed. */
export type SigningKeyRow = SigningKey;

/** The fields of a sealed key that are needed to sign with it. */
export type SealedKey = Pick<SigningKeyRow, "kid" | "issuer" | "sealedKey">;

/** Finds the key that signs new tokens; null on a database that was never set up. */
export async function findCurrentKey(db: RawDb): Promise<SigningKeyRow | null> {
  const rows = await db.$queryRaw<SigningKeyRow[]>(Prisma.sql`
    SELECT kid, issuer, sealed_key AS "sealedKey", fingerprint, bits, created_at AS "createdAt",
           activated_at AS "activatedAt", verify_until AS "verifyUntil", retired_by AS "retiredBy",
           earlier_until AS "earlierUntil"
    FROM signing_keys WHERE verify_until IS NULL`);
  return rows[0] ?? null;
}

/** Finds a key of the ring, in any state; null when there is none. */
export async function findKey(db: Db, kid: string): Promise<SigningKeyRow | null> {
  return db.signingKey.findUnique({ where: { kid } });
}

/**
 * A key as administrators see it. `sessions` counts the live sessions whose newest token it signed, while it verifies.
 */
export type RingKey = Omit<SigningKeyRow, "sealedKey" | "earlierUntil"> & { sessions: number };

/**
 * The most verifying keys whose sessions are looked up key by key, and no further than `COUNT_LIMIT`. The sessions of a key
 * are spread over the whole table, which forty lookups would read forty times: of more keys they are counted in one pass.
 */
const LOOKED_UP_KEYS = 4;

/**
 * Common table expressions: `counted` has for each key that verifies the number of live `sessions` whose newest token it
 * signed, up to `COUNT_LIMIT`. The lookup is in the order of its index: PostgreSQL expects as many sessions on any key,
 * and without an order it looks for enough of them among all sessions. Where a key has few, it would read them all.
 */
function sessionsOfVerifyingKeys(now: Date): Prisma.Sql {
  const areMany = Prisma.sql`(SELECT count(*) FROM verifying) > ${LOOKED_UP_KEYS}`;
  return Prisma.sql`
    verifying AS MATERIALIZED (SELECT kid FROM signing_keys WHERE verify_until > ${now}),
    counted AS MATERIALIZED (
      SELECT kid, ${countUpToLimit(Prisma.sql`
        SELECT FROM sessions WHERE kid = v.kid AND ${isUnexpiredRow(now)} ORDER BY ended_at`)} AS sessions
      FROM verifying AS v WHERE NOT ${areMany}
      UNION ALL
      SELECT kid, least(count(*), ${COUNT_LIMIT + 1})::int FROM sessions
      WHERE ${areMany} AND kid = ANY (ARRAY (SELECT kid FROM verifying)) AND ${isUnexpiredRow(now)} GROUP BY kid
    )`;
}

/**
 * Finds the key ring in one statement: the current key, then the verifying keys and up to `retired` retired ones,
 * latest `verifyUntil` first, and of those retired together the newest. Counts sessions, up to `COUNT_LIMIT`, only for
 * verifying keys: the others' counts are not shown.
 */
export async function findKeyRing(
  db: RawDb,
  { now, retired }: { now: Date; retired: number },
): Promise<RingKey[]> {
  return db.$queryRaw<RingKey[]>(Prisma.sql`
    WITH ${sessionsOfVerifyingKeys(now)}
    SELECT k.kid, k.issuer, k.fingerprint, k.bits, k.created_at AS "createdAt", k.activated_at AS "activatedAt",
           k.verify_until AS "verifyUntil", k.retired_by AS "retiredBy", coalesce(counted.sessions, 0) AS sessions
    FROM signing_keys AS k LEFT JOIN counted ON counted.kid = k.kid
    WHERE k.verify_until IS NULL OR k.verify_until > ${now} OR k.kid IN (
      SELECT kid FROM signing_keys WHERE verify_until <= ${now}
      ORDER BY verify_until DESC, created_at DESC LIMIT ${retired}
    )
    ORDER BY k.verify_until DESC NULLS FIRST, k.created_at DESC`);
}

/** Finds the keys whose tokens are accepted: the one that signs, then those that still verify, latest `verifyUntil` first. */
export async function findAcceptedKeys(
  db: Db,
  now: Date,
): Promise<{ kid: string; issuer: string; fingerprint: string; isCurrent: boolean }[]> {
  const keys = await db.signingKey.findMany({
    where: { OR: [{ verifyUntil: null }, { verifyUntil: { gt: now }, retiredBy: null }] },
    orderBy: { verifyUntil: { sort: "desc", nulls: "first" } },
    select: { kid: true, issuer: true, fingerprint: true, verifyUntil: true },
  });
  return keys.map(({ verifyUntil, ...key }) => ({ ...key, isCurrent: verifyUntil === null }));
}

/**
 * A key that no longer signs but still verifies: until when, of how many live sessions it signed the newest token, and
 * whether it is the key that signs under an earlier issuer.
 */
type VerifyingKey = { until: Date; sessions: number; isOnlyIssuer: boolean };

/** Finds the keys that only verify. Counts their sessions up to `COUNT_LIMIT` each. */
export async function findVerifyingKeys(db: RawDb, now: Date): Promise<VerifyingKey[]> {
  return db.$queryRaw<VerifyingKey[]>(Prisma.sql`
    WITH ${sessionsOfVerifyingKeys(now)}
    SELECT verify_until AS until, coalesce(counted.sessions, 0) AS sessions,
           fingerprint = (SELECT fingerprint FROM signing_keys WHERE verify_until IS NULL) AS "isOnlyIssuer"
    FROM signing_keys AS k LEFT JOIN counted ON counted.kid = k.kid
    WHERE verify_until > ${now} AND retired_by IS NULL`);
}

/** Inserts the new current key. The database admits one at a time, so the earlier one must have stopped signing. */
export async function insertCurrentKey(
  db: Db,
  key: Omit<SigningKeyRow, "verifyUntil" | "retiredBy" | "earlierUntil">,
): Promise<void> {
  await db.signingKey.create({ data: { ...key, verifyUntil: null } });
}

/**
 * Stops the current key from signing; false when it has stopped already. Its tokens are accepted until `verifyUntil`.
 * @param change `retiredBy`: what refuses its tokens from now on; null if the key goes on verifying
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

/** Retires all verifying keys at `now`: their tokens are no longer accepted. A key that is retired already stays as it is. */
export async function retireVerifyingKeys(db: Db, now: Date): Promise<void> {
  await db.signingKey.updateMany({
    where: { verifyUntil: { gt: now }, retiredBy: null },
    data: { verifyUntil: now, retiredBy: "sign-out" },
  });
}

/** Retires one verifying key at `now`; false when the key is retired already, by whatever clock, or current. */
export async function retireVerifyingKey(db: Db, kid: string, now: Date): Promise<boolean> {
  const { count } = await db.signingKey.updateMany({
    where: { kid, verifyUntil: { gt: now }, retiredBy: null },
    data: { verifyUntil: now, retiredBy: "administrator" },
  });
  return count === 1;
}

/**
 * Makes a verifying key the current one again; false when it no longer verifies. A key that was retired early stays so,
 * also if this server's clock is still behind its `verifyUntil`. The current key must have stopped signing before.
 */
export async function reinstateKey(db: Db, kid: string, now: Date): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE signing_keys SET verify_until = NULL, activated_at = ${now}, earlier_until = verify_until
    WHERE kid = ${kid}::uuid AND verify_until > ${now} AND retired_by IS NULL`;
  return count === 1;
}

/**
 * Serializes changes of the key ring: other transactions that change it wait until this one ends. Logins go on.
 */
export async function serializeKeyChanges(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`;
}

/** Locks the key ring until the transaction ends: no key can change and no session can start. */
export async function lockKeyRing(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN EXCLUSIVE MODE`;
}

/** Finds all keys of the ring in their sealed form. */
export async function findSealedKeys(db: Db): Promise<Pick<SigningKeyRow, "kid" | "sealedKey">[]> {
  return db.signingKey.findMany({ select: { kid: true, sealedKey: true } });
}

/** Replaces the sealed form of a key; the key itself stays the same. */
export async function replaceSealedKey(db: Db, kid: string, sealedKey: string): Promise<void> {
  await db.signingKey.update({ where: { kid }, data: { sealedKey } });
}

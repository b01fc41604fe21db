import "server-only";
import type { Db } from "@/lib/core/db";

/** A key of the ring as it is stored: sealed. */
export type SigningKeyRow = {
  kid: string;
  issuer: string;
  sealedKey: string;
  fingerprint: string;
  bits: number;
  createdAt: Date;
  /** Null for the key that signs. */
  verifyUntil: Date | null;
};

/** The key that signs new tokens; null on a database that was never set up. */
export async function findCurrentKey(db: Db): Promise<SigningKeyRow | null> {
  return db.signingKey.findFirst({ where: { verifyUntil: null } });
}

/** A key of the ring, whatever has become of it. */
export async function findKey(db: Db, kid: string): Promise<SigningKeyRow | null> {
  return db.signingKey.findUnique({ where: { kid } });
}

/** Adds the key that signs from now on. The database admits one such key at a time: retire the other one first. */
export async function insertCurrentKey(db: Db, key: Omit<SigningKeyRow, "verifyUntil">): Promise<void> {
  await db.signingKey.create({ data: { ...key, verifyUntil: null } });
}

/** Stops a key from signing. What it signed is accepted until `verifyUntil`. */
export async function retireKey(db: Db, kid: string, verifyUntil: Date): Promise<void> {
  await db.signingKey.update({ where: { kid }, data: { verifyUntil } });
}

/** Ends, at `now`, the time in which retired keys are still accepted. */
export async function retireOldKeysNow(db: Db, now: Date): Promise<void> {
  await db.signingKey.updateMany({ where: { verifyUntil: { gt: now } }, data: { verifyUntil: now } });
}

import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import type { Db, RawDb } from "@/lib/core/db";
import { canUnseal, keyFingerprint, type Reseal, seal, unseal } from "@/lib/core/secrets";
import type { TokenKey } from "./jwt";
import { sealedFor } from "./rules";
import { MIN_KEY_BYTES } from "./schema";
import {
  findCurrentKey,
  findSealedKeys,
  insertCurrentKey,
  replaceSealedKey,
  type SealedKey,
  type SigningKeyRow,
} from "./store";

/** The facts about a key that may be shown to administrators. */
export type KeySummary = { fingerprint: string; bits: number; createdAt: Date };

/** Generates a key of 512 bits from the operating system's CSPRNG, as Base64. */
export function generateSigningKey(): string {
  return randomBytes(MIN_KEY_BYTES).toString("base64");
}

// A cache of opened keys by sealed text, because decrypting costs more than a map lookup. An entry is valid only for
// its `kid`: a sealed text that was copied into another key's row must not open there from the cache.
const opened = new Map<string, { kid: string; secret: Buffer }>();
const MAX_OPENED = 64;

/** Unseals a stored key. @throws SealBroken when it was sealed with another SECRET_KEY, or for another `kid` */
export function openKey({ kid, issuer, sealedKey }: SealedKey): TokenKey {
  let known = opened.get(sealedKey);
  if (known?.kid !== kid) {
    known = { kid, secret: unseal(sealedKey, sealedFor(kid)) };
    if (opened.size >= MAX_OPENED) opened.clear();
    opened.set(sealedKey, known);
  }
  return { kid, issuer, secret: known.secret };
}

/** Returns the row of the signing key. @throws Error when it is null, as on a database that was never set up */
export function requireKey<Row>(row: Row | null): Row {
  if (row === null) throw new Error("There is no signing key: the first start has not run on this database.");
  return row;
}

/** Finds the key that signs new tokens. @throws Error on a database that was never set up */
export async function currentKey(db: RawDb): Promise<SigningKeyRow> {
  return requireKey(await findCurrentKey(db));
}

/**
 * Seals a key and makes it the current one for an issuer. The caller must stop the earlier one in the same transaction.
 * @param input `key`: Base64; `createdAt`: when the key was first created, by default `now`
 */
export async function installKey(
  db: Db,
  input: { key: string; issuer: string; now: Date; createdAt?: Date },
): Promise<KeySummary & { kid: string }> {
  const { issuer, now, createdAt = now } = input;
  const bytes = Buffer.from(input.key, "base64");
  const kid = randomUUID();
  const summary = { fingerprint: keyFingerprint(bytes), bits: bytes.length * 8, createdAt };
  const sealedKey = seal(bytes, sealedFor(kid));
  await insertCurrentKey(db, { kid, issuer, sealedKey, ...summary, activatedAt: now });
  return { kid, ...summary };
}

/**
 * Returns whether the current signing key is sealed with a given SECRET_KEY.
 * @throws Error on a database that was never set up
 */
export async function isRingSealedWith(db: Db, secretKey: Buffer): Promise<boolean> {
  const { kid, sealedKey } = await currentKey(db);
  return canUnseal(secretKey, sealedKey, sealedFor(kid));
}

/** Reseals every key of the ring with another SECRET_KEY. @returns how many @throws SealBroken */
export async function resealKeys(tx: Db, reseal: Reseal): Promise<number> {
  const rows = await findSealedKeys(tx);
  for (const { kid, sealedKey } of rows) await replaceSealedKey(tx, kid, reseal(sealedKey, sealedFor(kid)));
  return rows.length;
}

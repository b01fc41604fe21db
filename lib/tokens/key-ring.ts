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
  type SigningKeyRow,
} from "./store";

/** What may be shown of a key. */
export type KeySummary = { fingerprint: string; bits: number; createdAt: Date };

/** 512 bits from the operating system's CSPRNG, as Base64. */
export function generateSigningKey(): string {
  return randomBytes(MIN_KEY_BYTES).toString("base64");
}

// Unsealing derives nothing anew but costs more than a map. By the row too: a sealed text that was put into another's
// place must not open there because it was opened in its own.
const opened = new Map<string, { kid: string; secret: Uint8Array }>();
const MAX_OPENED = 64;

/** Opens a stored key. @throws SealBroken when SECRET_KEY is not the one it was sealed with, or it was sealed as another */
export function openKey({
  kid,
  issuer,
  sealedKey,
}: Pick<SigningKeyRow, "kid" | "issuer" | "sealedKey">): TokenKey {
  let known = opened.get(sealedKey);
  if (known?.kid !== kid) {
    known = { kid, secret: new Uint8Array(unseal(sealedKey, sealedFor(kid))) };
    if (opened.size >= MAX_OPENED) opened.clear();
    opened.set(sealedKey, known);
  }
  return { kid, issuer, secret: known.secret };
}

/** The key that signs, which there must be. @throws Error on a database that was never set up */
export function requireKey<Row>(row: Row | null): Row {
  if (row === null) throw new Error("There is no signing key: the first start has not run on this database.");
  return row;
}

/** The key that signs. @throws Error on a database that was never set up */
export async function currentKey(db: RawDb): Promise<SigningKeyRow> {
  return requireKey(await findCurrentKey(db));
}

/** Puts a key in force for an issuer. The one before must have stopped signing in the same transaction. */
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

/** Whether a SECRET_KEY is the one that the current key is sealed with. @throws Error on a database that was never set up */
export async function sealsRing(db: Db, secretKey: Buffer): Promise<boolean> {
  const { kid, sealedKey } = await currentKey(db);
  return canUnseal(secretKey, sealedKey, sealedFor(kid));
}

/** Seals every key of the ring anew. Returns how many. @throws SealBroken */
export async function resealKeys(tx: Db, reseal: Reseal): Promise<number> {
  const rows = await findSealedKeys(tx);
  for (const { kid, sealedKey } of rows) await replaceSealedKey(tx, kid, reseal(sealedKey, sealedFor(kid)));
  return rows.length;
}

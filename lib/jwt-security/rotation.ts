import "server-only";
import { audit } from "@/lib/audit/service";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { countSessionsAndPeople } from "@/lib/sessions/live/store";
import { moveToKey } from "@/lib/sessions/renewal/store";
import type { StoredPanel } from "@/lib/settings/store";
import { installKey, type KeySummary, openKey } from "@/lib/tokens/key-ring";
import { retireVerifyingKeys, type SigningKeyRow, stopSigning } from "@/lib/tokens/store";
import { findLastTokenEnd } from "./outgoing-key";

/** The sessions and people that a rotation affects, and until when the old key verifies if they stay logged in. */
export type RotationReach = { sessions: number; people: number; oldKeyVerifiesUntil: Date };

/** A key, by its fingerprint, and its issuer. */
export type RingEntry = { fingerprint: string; issuer: string };
/** The entry of the ring that signs now, and the one that is to replace it. */
export type Rotation = { from: RingEntry; to: RingEntry };

/** Returns whom a rotation would affect; the actor's own session is not counted if it goes on. */
export async function reachOf(
  tx: Db,
  actor: Person,
  change: { key: SigningKeyRow; current: StoredPanel<"jwt">; keepsOwnSession: boolean; now: Date },
): Promise<RotationReach> {
  const { key, current, keepsOwnSession, now } = change;
  const { all, others } = await countSessionsAndPeople(tx, { except: actor.sessionId }, now);
  const reach = keepsOwnSession ? others : all;
  return { ...reach, oldKeyVerifiesUntil: await findLastTokenEnd(tx, key, current, now) };
}

/**
 * Replaces the signing key by another key, or by the same key under another issuer.
 * @param change `to`: the new key in Base64; null keeps the key. `verifyUntil`: until when the old entry verifies; null
 * refuses what it signed from `now` on
 * @throws a unique violation if another change put a key in force first
 */
export async function rotate(
  tx: Db,
  change: { from: SigningKeyRow; to: string | null; issuer: string; verifyUntil: Date | null; now: Date },
): Promise<KeySummary & { kid: string }> {
  const { from, to, issuer, verifyUntil, now } = change;
  const retiredBy = verifyUntil === null ? "sign-out" : null;
  // If another change came first, its key is current, and the database refuses a second current key.
  await stopSigning(tx, from.kid, { verifyUntil: verifyUntil ?? now, retiredBy });
  // The same key under another issuer is a new entry of the ring, with the age of the old one.
  if (to !== null) return installKey(tx, { key: to, issuer, now });
  const key = openKey(from).secret.toString("base64");
  return installKey(tx, { key, issuer, now, createdAt: from.createdAt });
}

/**
 * Refuses every other key, and with it all tokens that it signed. The audit log gets the number of sessions that
 * `reach` counted; the sweep after the commit marks them as ended.
 */
export async function signEveryoneOut(
  tx: Db,
  actor: Person,
  { reach, keepsOwnSession, kid }: { reach: RotationReach; keepsOwnSession: boolean; kid: string },
  now: Date,
): Promise<void> {
  await retireVerifyingKeys(tx, now);
  if (keepsOwnSession) await moveToKey(tx, actor.sessionId, kid);
  const { sessions, people } = reach;
  const details = { reason: "key-changed", sessions, people } as const;
  await audit(tx, actor, [{ kind: "sessions-ended", details }], now);
}

/** Returns what may be shown of a key. */
export function summary({ fingerprint, bits, createdAt }: KeySummary): KeySummary {
  return { fingerprint, bits, createdAt };
}

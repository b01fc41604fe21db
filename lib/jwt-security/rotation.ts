import "server-only";
import { audit } from "@/lib/audit/service";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { measureLiveSessions } from "@/lib/sessions/live/store";
import { moveToKey } from "@/lib/sessions/store";
import type { StoredPanel } from "@/lib/settings/store";
import { installKey, type KeySummary, openKey } from "@/lib/tokens/key-ring";
import { retireVerifyingKeys, type SigningKeyRow, stopSigning } from "@/lib/tokens/store";
import { endOfItsTokens } from "./stepping-down";

/** Whom a rotation touches, and until when the key that steps down verifies if they are kept. */
export type RotationReach = { sessions: number; people: number; oldKeyVerifiesUntil: Date };

/** A key and its issuer, as they may be shown. */
export type RingEntry = { fingerprint: string; issuer: string };
/** What signs now, and what is to sign in its place. */
export type Rotation = { from: RingEntry; to: RingEntry };

/** Whom a rotation would touch. */
export async function reachOf(
  tx: Db,
  actor: Person,
  change: { key: SigningKeyRow; current: StoredPanel<"jwt">; spared: string | undefined; now: Date },
): Promise<RotationReach> {
  const { key, current, spared, now } = change;
  const { all, others } = await measureLiveSessions(tx, { except: spared ?? actor.sessionId }, now);
  const reach = spared === undefined ? all : others;
  return { ...reach, oldKeyVerifiesUntil: await endOfItsTokens(tx, key, current, now) };
}

/** Puts another key, or the same under another issuer, in force in the place of the current one. */
export async function rotate(
  tx: Db,
  change: { from: SigningKeyRow; to: string | null; issuer: string; verifyUntil: Date | null; now: Date },
): Promise<KeySummary & { kid: string }> {
  const { from, to, issuer, verifyUntil, now } = change;
  const retiredBy = verifyUntil === null ? "sign-out" : null;
  // Should somebody else have been faster, theirs is current, and the database refuses a second one.
  await stopSigning(tx, from.kid, { verifyUntil: verifyUntil ?? now, retiredBy });
  // Under another issuer the same key is another entry of the ring; it is as old as it was.
  if (to !== null) return installKey(tx, { key: to, issuer, now });
  const key = Buffer.from(openKey(from).secret).toString("base64");
  return installKey(tx, { key, issuer, now, createdAt: from.createdAt });
}

/**
 * Refuses every other key, and with it all that it signed. Who is hit is counted now: that their sessions have ended is
 * noted in their rows when this is in force.
 */
export async function signEverybodyOut(
  tx: Db,
  actor: Person,
  { reach, spared, kid }: { reach: RotationReach; spared: string | undefined; kid: string },
  now: Date,
): Promise<void> {
  await retireVerifyingKeys(tx, now);
  if (spared) await moveToKey(tx, spared, kid);
  const { sessions, people } = reach;
  const details = { reason: "key-changed", sessions, people } as const;
  await audit(tx, actor, [{ kind: "sessions-ended", details }], now);
}

/** What may be shown of a key. */
export function summary({ fingerprint, bits, createdAt }: KeySummary): KeySummary {
  return { fingerprint, bits, createdAt };
}

import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { findKeyRing, type RingKey } from "@/lib/tokens/store";

/** How many of the keys that neither sign nor verify any more are shown. */
const RETIRED_SHOWN = 3;

/** The ring as it is shown, the key that signs first, and the moment of which it tells. */
export type KeyRing = { keys: [current: RingKey, ...others: RingKey[]]; readAt: Date };

/** The key ring; of each key what may be shown. @throws Refusal for anyone but a system administrator */
export async function readKeyRing(actor: Actor, now = new Date()): Promise<KeyRing> {
  requireAdministrator(actor);
  const [current, ...others] = await findKeyRing(driver(), { now, retired: RETIRED_SHOWN });
  if (!current || current.verifyUntil !== null) throw new Error("There is no signing key.");
  return { keys: [current, ...others], readAt: now };
}

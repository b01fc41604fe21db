import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import { findKeyRing, type RingKey } from "@/lib/tokens/store";

/** How many of the retired keys, which neither sign nor verify, are shown. */
const RETIRED_SHOWN = 3;

/** The key ring for display, with the signing key first, and the time at which it was read. */
export type KeyRing = { keys: [current: RingKey, ...others: RingKey[]]; readAt: Date };

/**
 * Returns the key ring, without any secret.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function readKeyRing(actor: Actor, now = new Date()): Promise<KeyRing> {
  const administrator = requireAdministrator(actor);
  const [current, ...others] = await readListInTurn(administrator, () =>
    findKeyRing(driver(), { now, retired: RETIRED_SHOWN }),
  );
  if (!current || current.verifyUntil !== null) throw new Error("There is no signing key.");
  return { keys: [current, ...others], readAt: now };
}

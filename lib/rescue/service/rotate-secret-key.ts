import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requireHost } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import type { Failure, Success } from "@/lib/core/result";
import { resealer } from "@/lib/core/secrets";
import { resealPassword } from "@/lib/mail/mail-server";
import { resealPayloads } from "@/lib/mail/outbox";
import { isRingSealedWith, resealKeys } from "@/lib/tokens/key-ring";
import { lockKeyRing } from "@/lib/tokens/store";

/** The timeout of the transaction, in milliseconds; it reads and writes everything that is sealed. */
const TIMEOUT_MS = 30 * MINUTE_MS;

/** The number of values of each sort that were sealed anew. */
type Resealed = { signingKeys: number; mails: number; passwords: number };

export type RotateSecretKeyResult =
  | Success<Resealed>
  | Failure<"same-key">
  /** The current signing key is sealed with the new SECRET_KEY already: this was done before. */
  | Failure<"already-rotated">;

/**
 * Replaces SECRET_KEY: seals every sealed value anew, in one transaction. No server may run meanwhile, because it would
 * go on sealing with the old one.
 * @param requireAlone called last: throws if servers are not kept away any more, so that nothing is changed
 * @throws Refusal for anyone but the host; whatever `requireAlone` throws
 * @throws SealBroken if any value was not sealed with the old SECRET_KEY, or was damaged
 */
export async function rotateSecretKey(
  actor: Actor,
  { from, to }: { from: Buffer; to: Buffer },
  requireAlone: () => Promise<unknown> = async () => undefined,
  now = new Date(),
): Promise<RotateSecretKeyResult> {
  const host = requireHost(actor);
  if (from.equals(to)) return { ok: false, code: "same-key" };
  const reseal = resealer(from, to);
  return db().$transaction(
    async (tx): Promise<RotateSecretKeyResult> => {
      await lockKeyRing(tx);
      if (await isRingSealedWith(tx, to)) return { ok: false, code: "already-rotated" };
      const resealed = {
        signingKeys: await resealKeys(tx, reseal),
        mails: await resealPayloads(tx, reseal),
        passwords: await resealPassword(tx, reseal),
      };
      await audit(tx, host, [{ kind: "secret-key-rotated", details: resealed }], now);
      await requireAlone();
      return { ok: true, ...resealed };
    },
    { timeout: TIMEOUT_MS },
  );
}

import "server-only";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { measureLiveSessions } from "@/lib/sessions/live/store";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import { readPanels } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { keyState } from "@/lib/tokens/rules";
import { findKey, reinstateKey, stopSigning } from "@/lib/tokens/store";
import { type ProofFailure, takeProof } from "../proof";
import type { RollBack } from "../schema";
import { endOfItsTokens } from "../stepping-down";

/** Who is logged in, all of whom stay so, and until when the key that steps down verifies. */
export type RollBackReach = { sessions: number; people: number; steppingDownVerifiesUntil: Date };

export type RollBackResult =
  | Success<{ version: number }>
  /** Say what it means, and ask for the password unless it was proved just now. */
  | Failure<"roll-back-unconfirmed", { reach: RollBackReach; passwordRequired: boolean }>
  /** The one key does not verify any more, or the other one does not sign. */
  | Failure<"ring-changed">
  | ProofFailure;

/** Somebody else was faster in between; what was done so far is undone. */
class RingChanged extends Error {}

/**
 * Has a key that still verifies sign again, under its issuer. The one that signed goes on verifying until its last token
 * can no longer be alive, so nobody is signed out. The JWT panel follows, in a version of its own.
 * @throws Refusal for anyone but a system administrator
 */
export async function rollBackSigningKey(
  actor: Actor,
  rollBack: RollBack,
  now = new Date(),
): Promise<RollBackResult> {
  const person = requireAdministrator(actor);
  const proof = await takeProof(person, rollBack.password, now);
  if (!proof.ok) return proof;
  const change = { ...rollBack, ...proof };
  try {
    return await retryOnCollision(() => db().$transaction((tx) => putBack(tx, person, change, now)));
  } catch (error) {
    if (error instanceof RingChanged) return { ok: false, code: "ring-changed" };
    throw error;
  }
}

async function putBack(
  tx: Db,
  person: Person,
  { kid, currentKid, isConfirmed, passwordRequired }: RollBack & { passwordRequired: boolean },
  now: Date,
): Promise<RollBackResult> {
  const [earlier, newer] = [await findKey(tx, kid), await currentKey(tx)];
  if (!earlier || keyState(earlier, now).state !== "verifying" || newer.kid !== currentKid)
    return { ok: false, code: "ring-changed" };
  const current = (await readPanels(tx)).jwt;
  const steppingDownVerifiesUntil = await endOfItsTokens(tx, newer, current, now);
  if (!isConfirmed || passwordRequired) {
    const { all } = await measureLiveSessions(tx, { except: person.sessionId }, now);
    const reach = { ...all, steppingDownVerifiesUntil };
    return { ok: false, code: "roll-back-unconfirmed", reach, passwordRequired };
  }
  const stepsDown = { verifyUntil: steppingDownVerifiesUntil, retiredBy: null };
  if (!(await stopSigning(tx, newer.kid, stepsDown)) || !(await reinstateKey(tx, kid, now)))
    throw new RingChanged();
  const { version } = await writePanel(tx, person, "jwt", {
    current,
    values: { ...current.values, tokenIssuer: earlier.issuer },
    facts: { keyFingerprint: earlier.fingerprint },
    details: {
      ...(earlier.fingerprint !== newer.fingerprint && {
        tokenSigningKey: { from: newer.fingerprint, to: earlier.fingerprint },
      }),
      rolledBack: true,
    },
    now,
  });
  return { ok: true, version };
}

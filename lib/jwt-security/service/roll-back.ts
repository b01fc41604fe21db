import "server-only";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { countSessionsAndPeople } from "@/lib/sessions/live/store";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import { readPanels } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { keyState } from "@/lib/tokens/rules";
import { findKey, reinstateKey, serializeKeyChanges, stopSigning } from "@/lib/tokens/store";
import { requireLastingAuthority } from "../lasting-authority";
import { findLastTokenEnd } from "../outgoing-key";
import { checkRecentPassword } from "../recent-password";
import type { RollBack } from "../schema";

/** How many sessions and people are logged in, who all stay so, and until when the key that stops signing verifies. */
export type RollBackReach = { sessions: number; people: number; outgoingKeyVerifiesUntil: Date };

export type RollBackResult =
  | Success<{ version: number }>
  /** Show the user the reach, and ask for the password if `passwordRequired`. */
  | Failure<"roll-back-unconfirmed", { reach: RollBackReach; passwordRequired: boolean }>
  /** The earlier key does not verify any more, or another key than `currentKid` signs. */
  | Failure<"ring-changed">
  | ConfirmFailure;

/**
 * Makes a key that still verifies sign again, under its own issuer. The key that signed until now verifies until its
 * last token has expired, so nobody is signed out. The JWT panel gets a new version with that issuer.
 * @throws Refusal for anyone but a system administrator, and for one who was demoted or signed out meanwhile; and as
 *   `checkRecentPassword` does
 */
export async function rollBackSigningKey(
  actor: Actor,
  rollBack: RollBack,
  now = new Date(),
): Promise<RollBackResult> {
  const person = requireAdministrator(actor);
  const proof = await checkRecentPassword(person, rollBack.password, now);
  if (!proof.ok) return proof;
  const change = { ...rollBack, ...proof };
  return retryOnCollision((tx) => putBack(tx, person, change, now), serializeKeyChanges);
}

async function putBack(
  tx: Db,
  person: Person,
  { kid, currentKid, isConfirmed, passwordRequired }: RollBack & { passwordRequired: boolean },
  now: Date,
): Promise<RollBackResult> {
  await serializeKeyChanges(tx);
  const [earlier, newer] = [await findKey(tx, kid), await currentKey(tx)];
  if (!earlier || keyState(earlier, now).state !== "verifying" || newer.kid !== currentKid)
    return { ok: false, code: "ring-changed" };
  const current = (await readPanels(tx)).jwt;
  const outgoingKeyVerifiesUntil = await findLastTokenEnd(tx, newer, current, now);
  if (!isConfirmed || passwordRequired) {
    const { all } = await countSessionsAndPeople(tx, { except: person.sessionId }, now);
    const reach = { ...all, outgoingKeyVerifiesUntil };
    return { ok: false, code: "roll-back-unconfirmed", reach, passwordRequired };
  }
  await requireLastingAuthority(tx, person, now);
  const outgoing = { verifyUntil: outgoingKeyVerifiesUntil, retiredBy: null };
  if (!(await stopSigning(tx, newer.kid, outgoing)) || !(await reinstateKey(tx, kid, now)))
    throw new Error("The key ring has changed although it is locked.");
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

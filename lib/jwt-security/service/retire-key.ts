import "server-only";
import { audit } from "@/lib/audit/service";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { countSessionsAndPeople } from "@/lib/sessions/live/store";
import { sweepSessionsAfterChange } from "@/lib/sessions/sweep";
import { keyState } from "@/lib/tokens/rules";
import { findKey, retireVerifyingKey, serializeKeyChanges } from "@/lib/tokens/store";
import { requireLastingAuthority } from "../lasting-authority";
import { checkRecentPassword } from "../recent-password";
import type { Retirement } from "../schema";

/** The sessions that end with a key, because it signed their newest token, and the people they belong to. */
export type RetirementReach = { sessions: number; people: number; includesOwn: boolean };

export type RetireKeyResult =
  /** `signedOut`: the administrator's own session was among those that ended. */
  | Success<{ sessions: number; signedOut: boolean }>
  /** Show the user the reach, and ask for the password if `passwordRequired`. */
  | Failure<"retirement-unconfirmed", { reach: RetirementReach; passwordRequired: boolean }>
  /** The key does not verify any more, or signs again. */
  | Failure<"ring-changed">
  | ConfirmFailure;

/**
 * Retires a verifying key early: refuses all tokens that it signed. The sessions that still depend on it end.
 * @throws Refusal for anyone but a system administrator, and for one who was demoted or signed out meanwhile; and as
 *   `checkRecentPassword` does
 */
export async function retireSigningKey(
  actor: Actor,
  retirement: Retirement,
  now = new Date(),
): Promise<RetireKeyResult> {
  const person = requireAdministrator(actor);
  const proof = await checkRecentPassword(person, retirement.password, now);
  if (!proof.ok) return proof;
  const result = await db().$transaction((tx) => retire(tx, person, { ...retirement, ...proof }, now));
  if (result.ok) await sweepSessionsAfterChange(now);
  return result;
}

async function retire(
  tx: Db,
  person: Person,
  { kid, agreedSessions, passwordRequired }: Retirement & { passwordRequired: boolean },
  now: Date,
): Promise<RetireKeyResult> {
  await serializeKeyChanges(tx);
  const key = await findKey(tx, kid);
  if (!key || keyState(key, now).state !== "verifying") return { ok: false, code: "ring-changed" };
  const { all, others } = await countSessionsAndPeople(tx, { kid, except: person.sessionId }, now);
  const { sessions, people } = all;
  const reach = { sessions, people, includesOwn: sessions > others.sessions };
  if (agreedSessions === null || sessions > agreedSessions || passwordRequired)
    return { ok: false, code: "retirement-unconfirmed", reach, passwordRequired };
  await requireLastingAuthority(tx, person, now);
  if (!(await retireVerifyingKey(tx, kid, now))) return { ok: false, code: "ring-changed" };
  const { fingerprint, issuer } = key;
  const ended = { kind: "sessions-ended", details: { reason: "key-retired", sessions, people } } as const;
  await audit(
    tx,
    person,
    [
      { kind: "signing-key-retired", details: { fingerprint, issuer, sessions, people } },
      ...(sessions > 0 ? [ended] : []),
    ],
    now,
  );
  return { ok: true, sessions, signedOut: reach.includesOwn };
}

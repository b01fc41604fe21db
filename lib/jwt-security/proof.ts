import "server-only";
import {
  CONFIRMATION_LIFETIME_MS,
  type ConfirmResult,
  confirmPassword,
} from "@/lib/auth/service/confirm-password";
import type { Person } from "@/lib/core/actor";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/limits";
import type { Success } from "@/lib/core/result";

/** Why a proof of the password failed. */
export type ProofFailure = Exclude<ConfirmResult, Success>;

/**
 * Takes the proof of the password that what touches the key ring wants (ASVS 7.5.1): the one given now, else the last
 * one of the session, which may be too old.
 */
export async function takeProof(
  person: Person,
  password: string | null,
  now: Date,
): Promise<Success<{ passwordRequired: boolean }> | ProofFailure> {
  if (password !== null) {
    const confirmed = await confirmPassword(person, password, now);
    return confirmed.ok ? { ok: true, passwordRequired: false } : confirmed;
  }
  const age = now.getTime() - person.confirmedAt.getTime();
  // One from even later than other servers' clocks tell was given by a clock that has been set back since.
  const passwordRequired = age > CONFIRMATION_LIFETIME_MS || age < -MAX_CLOCK_SKEW_MS;
  return { ok: true, passwordRequired };
}

import "server-only";
import {
  CONFIRMATION_LIFETIME_MS,
  type ConfirmResult,
  confirmPassword,
} from "@/lib/auth/service/confirm-password";
import type { Person } from "@/lib/core/actor";
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
  const passwordRequired = now.getTime() - person.confirmedAt.getTime() > CONFIRMATION_LIFETIME_MS;
  return { ok: true, passwordRequired };
}

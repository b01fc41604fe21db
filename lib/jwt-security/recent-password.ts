import "server-only";
import {
  CONFIRMATION_LIFETIME_MS,
  type ConfirmFailure,
  confirmPassword,
} from "@/lib/auth/service/confirm-password";
import type { Person } from "@/lib/core/actor";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import type { Success } from "@/lib/core/result";

/**
 * Checks the proof of the password that a change of the key ring needs (ASVS 7.5.1): verifies the password given now, or
 * else uses the session's last proof. `passwordRequired` tells whether that proof is too old.
 * @throws Refusal as `confirmPassword` does
 */
export async function checkRecentPassword(
  person: Person,
  password: string | null,
  now: Date,
): Promise<Success<{ passwordRequired: boolean }> | ConfirmFailure> {
  if (password !== null) {
    const confirmed = await confirmPassword(person, password, now);
    return confirmed.ok ? { ok: true, passwordRequired: false } : confirmed;
  }
  const age = now.getTime() - person.confirmedAt.getTime();
  // A proof that is later than the servers' clock skew allows was made before a clock was set back.
  const passwordRequired = age > CONFIRMATION_LIFETIME_MS || age < -MAX_CLOCK_SKEW_MS;
  return { ok: true, passwordRequired };
}

import { throttledText } from "@/app/form-failure";
import type { ProofFailure } from "@/lib/jwt-security/proof";

/** Says why a password confirmation failed, for the password field's error. */
export function refusalText(refusal: ProofFailure): string {
  if (refusal.code === "wrong-password")
    return "That is not your password, or your account is locked at the moment. Wrong ones count towards locking it.";
  return throttledText(refusal.retryAfterSeconds);
}

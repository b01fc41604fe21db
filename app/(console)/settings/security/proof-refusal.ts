import { throttledText } from "@/app/form-failure";
import type { PasswordProofFailure } from "@/lib/jwt-security/recent-password";

/** Says why a password confirmation failed, for the password field's error. */
export function refusalText(refusal: PasswordProofFailure): string {
  if (refusal.code === "wrong-password")
    return "Wrong password, or your account is currently locked. Wrong passwords count towards the lock.";
  return throttledText(refusal.retryAfterSeconds);
}

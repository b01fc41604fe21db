import { throttledText } from "@/app/form-failure";
import type { PasswordProofFailure } from "@/lib/jwt-security/recent-password";

/** Says why a password confirmation failed, for the password field's error. */
export function refusalText(refusal: PasswordProofFailure): string {
  if (refusal.code === "wrong-password")
    return "That is not your password, or your account is locked at the moment. Wrong ones count towards locking it.";
  return throttledText(refusal.retryAfterSeconds);
}

import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { RestError } from "@/lib/request/rest-errors";

/** Returns the REST error for a failed password confirmation. */
export function proofError(failure: ConfirmFailure): RestError {
  if (failure.code === "throttled") {
    return new RestError("too-many-requests", { retryAfterSeconds: failure.retryAfterSeconds });
  }
  return new RestError("bad-request", {
    message: "The current password is wrong, or the account is currently locked.",
  });
}

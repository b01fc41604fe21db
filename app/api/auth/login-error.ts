import type { LoginResult } from "@/lib/auth/service/log-in";
import { RestError } from "@/lib/request/rest-errors";

/** The message for a password that must be reset, while the mail with the link waits for a mail server. */
const UNMAILED =
  "The password violates the policy, and no mail can be sent yet: ask your administrator for a reset link.";

/** Returns the REST error for a failed login, with ThingsBoard's error codes. */
export function loginError(failure: Exclude<LoginResult, { ok: true }>): RestError {
  switch (failure.code) {
    case "refused":
      return new RestError("unauthenticated");
    case "throttled":
      return new RestError("too-many-requests", { retryAfterSeconds: failure.retryAfterSeconds });
    case "password-expired":
      return new RestError("password-expired", { resetToken: failure.grant });
    case "reset-required":
      return new RestError("password-unfit", failure.isMailed ? {} : { message: UNMAILED });
  }
}

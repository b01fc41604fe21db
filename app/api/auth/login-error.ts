import type { LoginResult } from "@/lib/auth/service/log-in";
import { RestError } from "@/lib/request/rest-errors";

/** Why a login led to no tokens, in ThingsBoard's numbers. */
export function loginError(failure: Exclude<LoginResult, { ok: true }>): RestError {
  switch (failure.code) {
    case "refused":
      return new RestError("unauthenticated");
    case "throttled":
      return new RestError("too-many-requests", { retryAfterSeconds: failure.retryAfterSeconds });
    case "password-expired":
      return new RestError("password-expired", { resetToken: failure.grant });
    case "reset-required":
      return new RestError("password-unfit");
  }
}

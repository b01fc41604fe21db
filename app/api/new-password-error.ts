import type { NewPasswordFailure } from "@/lib/accounts/service/new-password";
import { counted } from "@/lib/core/count/rules";
import { violationText } from "@/lib/password/rules";
import { RestError } from "@/lib/request/rest-errors";

/** Returns the REST error for a refused new password, with one line for each reason. */
export function newPasswordError(failure: NewPasswordFailure): RestError {
  return new RestError("bad-request", { message: words(failure) });
}

function words(failure: NewPasswordFailure): string {
  switch (failure.code) {
    case "violates-policy":
      return failure.violations.map(violationText).join("\n");
    case "same-as-current":
      return "The new password must differ from the current one.";
    case "used-before":
      return `The password was used within the last ${counted(failure.days, "day")}.`;
    case "link-unusable":
      return "The link is unknown, has expired, was already used or was replaced by a newer one.";
  }
}

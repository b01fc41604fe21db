import { formFailureText } from "@/app/form-failure";
import type { NewPasswordState } from "@/components/password/new-password-form";
import type { NewPasswordFailure } from "@/lib/accounts/service/new-password";
import { counted } from "@/lib/core/count/rules";
import { UNMET_RULES_TEXT } from "@/lib/password/rules";
import type { ActionFailure } from "@/lib/request/action";

/** Returns the state that says why a new password was refused. */
export function newPasswordState(
  failure: Exclude<NewPasswordFailure, { code: "link-unusable" }>,
): NewPasswordState {
  switch (failure.code) {
    case "violates-policy":
      return {
        message: null,
        objection: UNMET_RULES_TEXT,
        violations: failure.violations,
        policy: failure.policy,
      };
    case "same-as-current":
      return {
        message: null,
        objection: "This is the current password. Choose another one.",
        violations: [],
      };
    case "used-before": {
      const days = failure.days === 1 ? "the last day" : `the last ${counted(failure.days, "day")}`;
      return {
        message: null,
        objection: `You used this password within ${days}. Choose another one.`,
        violations: [],
      };
    }
  }
}

const UNSURE =
  "The password may already be saved. Try again in a moment; if the link no longer works, log in with the new password.";

/** Returns the state for a request that failed. */
export function newPasswordFailure(failure: ActionFailure): NewPasswordState {
  return { message: formFailureText(failure, "The password could not be saved.", UNSURE), violations: [] };
}

import { accountFailureText } from "@/app/(account)/account/account-failure";
import { newPasswordState } from "@/app/(auth)/new-password-state";
import { confirmFailureText } from "@/app/form-failure";
import type { NewPasswordState } from "@/components/password/new-password-form";
import type { ChangePasswordResult } from "@/lib/auth/service/change-password";
import type { ActionFailure } from "@/lib/request/action";

/** The form's state after a submit, and which of its two passwords the message concerns. */
export type ChangePasswordState = NewPasswordState & { field: "current" | "new" | null };

/** Returns the state that says why the password was not changed. */
export function changePasswordState(
  failure: Exclude<ChangePasswordResult, { ok: true }>,
): ChangePasswordState {
  switch (failure.code) {
    case "wrong-password":
      return { message: confirmFailureText(failure), field: "current", violations: [] };
    case "throttled":
      return { message: confirmFailureText(failure), field: null, violations: [] };
    default:
      return { ...newPasswordState(failure), field: "new" };
  }
}

const UNSURE =
  "Your password may already be changed. Try again in a moment; if you are asked to log in, use the new one.";

/** The change may have ended the session itself: if its answer is lost, the browser sends it again with the old session. */
const PERHAPS_CHANGED = "If your password is refused there, use the new one: it may already be changed.";

/** Returns the state for a request that failed. */
export function changePasswordFailure(failure: ActionFailure): ChangePasswordState {
  const text = accountFailureText(failure, UNSURE);
  const message = failure.code === "unauthenticated" ? `${text} ${PERHAPS_CHANGED}` : text;
  return { message, field: null, violations: [] };
}

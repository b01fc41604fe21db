import { formFailureText } from "@/app/form-failure";
import { type ActionFailure, formText } from "@/lib/request/action";

/**
 * The form's state after a submit. "noted" is the only answer, whatever was typed. `isMailed`: mails are sent; without a
 * mail server they wait.
 */
export type ForgotPasswordState =
  | { kind: "idle" }
  | { kind: "noted"; email: string; isMailed: boolean }
  | { kind: "failed"; message: string; email: string };

/** Returns the state for a request that failed. */
export function forgotPasswordFailure(failure: ActionFailure, form: FormData): ForgotPasswordState {
  const message = formFailureText(failure, "Your request did not go through.");
  return { kind: "failed", message, email: formText(form, "email") };
}

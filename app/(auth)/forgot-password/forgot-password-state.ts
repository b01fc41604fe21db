import { formFailureText } from "@/app/form-failure";
import { type ActionFailure, formText } from "@/lib/request/action";

/** What the form shows after a submit. "noted" is all that anybody learns, whatever they typed. */
export type ForgotPasswordState =
  | { kind: "idle" | "noted" }
  | { kind: "failed"; message: string; email: string };

/** What kept the form from its verb, in words. */
export function forgotPasswordFailure(failure: ActionFailure, form: FormData): ForgotPasswordState {
  const message = formFailureText(failure, "Your request did not go through.");
  return { kind: "failed", message, email: formText(form, "email") };
}

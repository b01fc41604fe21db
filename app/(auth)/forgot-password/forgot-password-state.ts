import { formFailureText } from "@/app/form-failure";
import type { ActionFailure } from "@/lib/request/action";

/** What the form shows after a submit. "noted" is all that anybody learns, whatever they typed. */
export type ForgotPasswordState = { kind: "idle" | "noted" } | { kind: "failed"; message: string };

/** What kept the form from its verb, in words. */
export function forgotPasswordFailure(failure: ActionFailure): ForgotPasswordState {
  return { kind: "failed", message: formFailureText(failure, "The request could not be taken.") };
}

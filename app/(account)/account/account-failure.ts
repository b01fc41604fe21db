import { formFailureText } from "@/app/form-failure";
import type { ActionFailure } from "@/lib/request/action";

/** What kept a form of the account pages from its verb, in words; `unsure` as `formFailureText` has it. */
export function accountFailureText(failure: ActionFailure, unsure?: string): string {
  if (failure.code === "unauthenticated") return "Your session has ended. Log in again to go on.";
  return formFailureText(failure, "That did not work.", unsure);
}

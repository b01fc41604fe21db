import { formFailureText } from "@/app/form-failure";
import type { ActionFailure } from "@/lib/request/action";

/** Returns the message for a failed form of the account pages; `unsure` as in `formFailureText`. */
export function accountFailureText(failure: ActionFailure, unsure?: string): string {
  if (failure.code === "unauthenticated") return "Your session has ended. Reload the page to log in again.";
  return formFailureText(failure, "That did not work.", unsure);
}

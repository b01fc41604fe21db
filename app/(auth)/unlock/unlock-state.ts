import { formFailureText } from "@/app/form-failure";
import type { ActionFailure } from "@/lib/request/action";

/** The unlock form's state after a failed submit. */
export type UnlockState = { message: string | null };

const UNSURE =
  "The account may already be unlocked. Try again in a moment; if the link no longer works, log in.";

/** Returns the state for a request that failed. */
export function unlockFailure(failure: ActionFailure): UnlockState {
  return { message: formFailureText(failure, "The account could not be unlocked.", UNSURE) };
}

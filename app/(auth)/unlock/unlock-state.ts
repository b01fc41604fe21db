import { formFailureText } from "@/app/form-failure";
import type { ActionFailure } from "@/lib/request/action";

/** What the unlock form shows after a submit that did not come to its end. */
export type UnlockState = { message: string | null };

const UNSURE =
  "The account may already be unlocked. Try again in a moment; if the link no longer works, log in.";

/** What kept the form from its verb, in words. */
export function unlockFailure(failure: ActionFailure): UnlockState {
  return { message: formFailureText(failure, "The account could not be unlocked.", UNSURE) };
}

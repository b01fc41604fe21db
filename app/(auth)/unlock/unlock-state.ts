import type { ActionFailure } from "@/lib/request/action";

/** What the unlock form shows after a submit that did not come to its end. */
export type UnlockState = { message: string | null };

/** What kept the form from its verb, in words. */
export function unlockFailure(failure: ActionFailure): UnlockState {
  if (failure.code === "overloaded" || failure.code === "unavailable")
    return { message: "Gatehouse is busy. Wait a few seconds and try again." };
  const reference = "requestId" in failure && failure.requestId ? ` (request ${failure.requestId})` : "";
  return { message: `The account could not be unlocked. Try again${reference}.` };
}

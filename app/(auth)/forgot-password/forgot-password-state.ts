import type { ActionFailure } from "@/lib/request/action";

/** What the form shows after a submit. "noted" is all that anybody learns, whatever they typed. */
export type ForgotPasswordState = { kind: "idle" | "noted" } | { kind: "failed"; message: string };

/** What kept the form from its verb, in words. */
export function forgotPasswordFailure(failure: ActionFailure): ForgotPasswordState {
  if (failure.code === "overloaded" || failure.code === "unavailable")
    return { kind: "failed", message: "Gatehouse is busy. Wait a few seconds and try again." };
  const reference = "requestId" in failure && failure.requestId ? ` (request ${failure.requestId})` : "";
  return { kind: "failed", message: `The request could not be taken. Try again${reference}.` };
}

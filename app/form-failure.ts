import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { counted } from "@/lib/core/count/rules";
import type { ActionFailure } from "@/lib/request/action";

/** Tells whether the request itself was fine, and trying again later is the only remedy. */
export function isBusy({ code }: ActionFailure): boolean {
  return code === "overloaded" || code === "unavailable";
}

/**
 * Returns the message for a failed form, with the request id to look up in the server's log.
 *
 * @param undone what was not done, as a sentence
 * @param unsure what may have been done and what to do next, for when the answer was lost and a retry would be refused
 */
export function formFailureText(failure: ActionFailure, undone: string, unsure?: string): string {
  const reference = "requestId" in failure && failure.requestId ? ` (request ${failure.requestId})` : "";
  if (unsure && failure.code === "unavailable") return `The database cannot be reached. ${unsure}`;
  if (unsure && failure.code === "unexpected") return `Something failed on the server${reference}. ${unsure}`;
  if (isBusy(failure)) return "Gatehouse is busy. Wait a few seconds and try again.";
  return `${undone} Try again${reference}.`;
}

/** Returns the message for too many attempts, with the seconds to wait. */
export function throttledText(seconds: number): string {
  return `Too many attempts. Try again in ${counted(seconds, "second")}.`;
}

/** Returns the message for a password that did not confirm. */
export function confirmFailureText(failure: ConfirmFailure): string {
  if (failure.code === "wrong-password")
    return "Wrong password, or your account is currently locked. A wrong one counts like a failed login.";
  return throttledText(failure.retryAfterSeconds);
}

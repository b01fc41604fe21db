import { counted } from "@/lib/core/count/rules";
import type { ActionFailure } from "@/lib/request/action";

/** Whether nothing is wrong with what was sent, and trying again in a moment is all that helps. */
export function isBusy({ code }: ActionFailure): boolean {
  return code === "overloaded" || code === "unavailable";
}

/**
 * What kept a plain form from its verb, in words, with the number under which the server's log has the rest.
 *
 * @param undone what was not done, as a sentence
 * @param unsure what may have been done, where only the answer was lost and trying again would be refused; and what to do
 */
export function formFailureText(failure: ActionFailure, undone: string, unsure?: string): string {
  const reference = "requestId" in failure && failure.requestId ? ` (request ${failure.requestId})` : "";
  if (unsure && failure.code === "unavailable") return `The database does not answer. ${unsure}`;
  if (unsure && failure.code === "unexpected") return `Something failed on the server${reference}. ${unsure}`;
  if (isBusy(failure)) return "Gatehouse is busy. Wait a few seconds and try again.";
  return `${undone} Try again${reference}.`;
}

/** Somebody has tried too often, and may again after so many seconds. */
export function throttledText(seconds: number): string {
  return `Too many attempts. Try again in ${counted(seconds, "second")}.`;
}

import { unstable_isUnrecognizedActionError } from "next/navigation";

/** A call of an action that brought no answer: lost on its way, or of a page from before an update of the server. */
export type Unanswered = { ok: false; code: "unreachable" | "outdated" };

/** Which of the two, by what the call was rejected with. Only of an outdated page it is certain that nothing was done. */
export function unanswered(error: unknown): Unanswered {
  return { ok: false, code: unstable_isUnrecognizedActionError(error) ? "outdated" : "unreachable" };
}

import { unstable_isUnrecognizedActionError } from "next/navigation";

/** A server action call without an answer: the request was lost, or the page is older than the running server. */
export type Unanswered = { ok: false; code: "unreachable" | "outdated" };

/** Tells the two apart by the rejection. Only an outdated page proves that nothing was done. */
export function unanswered(error: unknown): Unanswered {
  return { ok: false, code: unstable_isUnrecognizedActionError(error) ? "outdated" : "unreachable" };
}

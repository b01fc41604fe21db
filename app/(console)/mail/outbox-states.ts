import { type OutboxEntry, type OutboxState, WITHDRAWN_ANSWER } from "@/lib/mail/schema";

/** A state as it is shown. A mail withdrawn on purpose is stored as FAILED, but is not shown as a failure. */
export type ShownState = OutboxState | "WITHDRAWN";

/** The label of each state. */
export const stateLabels: Record<ShownState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
  WITHDRAWN: "Withdrawn",
};

/** Returns the state to show for a mail. */
export function shownState({ state, lastAnswer }: Pick<OutboxEntry, "state" | "lastAnswer">): ShownState {
  return state === "FAILED" && lastAnswer === WITHDRAWN_ANSWER ? "WITHDRAWN" : state;
}

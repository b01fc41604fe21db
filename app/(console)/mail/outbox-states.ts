import { type OutboxEntry, type OutboxState, WITHDRAWN_ANSWER } from "@/lib/mail/schema";

/** A state as it is shown: what was taken back on purpose stands among the failed, and is none. */
export type ShownState = OutboxState | "WITHDRAWN";

/** What the states are called. */
export const stateLabels: Record<ShownState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
  WITHDRAWN: "Withdrawn",
};

/** What became of a mail. */
export function shownState({ state, lastAnswer }: Pick<OutboxEntry, "state" | "lastAnswer">): ShownState {
  return state === "FAILED" && lastAnswer === WITHDRAWN_ANSWER ? "WITHDRAWN" : state;
}

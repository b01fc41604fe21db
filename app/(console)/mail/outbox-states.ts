import type { OutboxState } from "@/lib/mail/schema";

/** The label of each state. */
export const stateLabels: Record<OutboxState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
  WITHDRAWN: "Withdrawn",
};

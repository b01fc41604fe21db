import type { OutboxState } from "@/lib/mail/schema";

/** What the states are called. */
export const stateLabels: Record<OutboxState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
};

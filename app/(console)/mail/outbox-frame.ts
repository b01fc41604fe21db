import type { OutboxState } from "@/lib/mail/schema";

/** The head of the page, the same while it is on its way. */
export const outboxTitle = "Mail";
export const outboxDescription =
  "Every mail that Gatehouse has to send, and what became of it. What stood in it is not shown here, and not kept once it is sent.";

/** What the states are called. */
export const stateLabels: Record<OutboxState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
};

import type { OutboxState } from "@/lib/mail/schema";

/** The label of each state. */
export const stateLabels: Record<OutboxState, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  FAILED: "Failed",
  WITHDRAWN: "Withdrawn",
};

/** The tone of each state's badge. */
export const stateTones = {
  QUEUED: "neutral",
  SENT: "accent",
  FAILED: "danger",
  WITHDRAWN: "neutral",
} as const satisfies Record<OutboxState, string>;

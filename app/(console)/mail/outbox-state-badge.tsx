import { CircleAlert, CircleCheck, CircleSlash, Clock, type LucideIcon } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { OutboxState } from "@/lib/mail/schema";
import { stateLabels, stateTones } from "./outbox-states";

const icons: Record<OutboxState, LucideIcon> = {
  QUEUED: Clock,
  SENT: CircleCheck,
  FAILED: CircleAlert,
  WITHDRAWN: CircleSlash,
};

/** A mail's state as a badge. */
export function OutboxStateBadge({ state }: { state: OutboxState }) {
  const Icon = icons[state];
  return (
    <Badge tone={stateTones[state]}>
      <Icon aria-hidden />
      <span>{stateLabels[state]}</span>
    </Badge>
  );
}

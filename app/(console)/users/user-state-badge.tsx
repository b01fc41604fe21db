import { Ban, CircleCheck, Lock, MailOpen } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { UserState } from "@/lib/users/schema";
import { stateWords } from "./user-words";

const styles = {
  invited: { tone: "warning", icon: MailOpen },
  active: { tone: "accent", icon: CircleCheck },
  disabled: { tone: "neutral", icon: Ban },
  locked: { tone: "danger", icon: Lock },
} as const satisfies Record<UserState, unknown>;

/** An account's state as a badge. */
export function UserStateBadge({ state }: { state: UserState }) {
  const { tone, icon: Icon } = styles[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      <span>{stateWords[state].label}</span>
    </Badge>
  );
}

import { Mail, SearchX } from "lucide-react";
import { EmptyState, NoOlder } from "@/components/ui/empty-state";
import type { OutboxQuery } from "@/lib/mail/schema";
import { isFiltered, outboxAddress } from "./outbox-address";
import { stateLabels } from "./outbox-states";

/**
 * Shown in place of an empty list: no mail was sent yet, none matches the filter, or the reader is past the last page.
 */
export function OutboxEmpty({ query }: { query: OutboxQuery }) {
  const { state, recipient, after } = query;
  if (after !== undefined) {
    return (
      <NoOlder icon={Mail} items="messages" newest={outboxAddress({ ...query, after: undefined })}>
        The outbox begins here.
      </NoOlder>
    );
  }
  if (!isFiltered(query)) {
    return (
      <EmptyState icon={Mail} title="No messages yet">
        Activation links, reset links, and notices about locks and password changes appear here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={state && !recipient ? `No ${stateLabels[state].toLowerCase()} messages` : "No message matches"}
      action={{ href: "/mail", label: "Show all messages" }}
    >
      {recipient
        ? "Try another state, or a shorter part of the address."
        : state === "FAILED"
          ? "No message was refused or given up on."
          : "Try another state, or show all messages."}
    </EmptyState>
  );
}

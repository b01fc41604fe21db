import { Mail, SearchX } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
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
      <EmptyState
        icon={Mail}
        title="No older mails"
        action={
          <a href={outboxAddress({ ...query, after: undefined })} className={buttonStyles()}>
            Back to the newest
          </a>
        }
      >
        This is where the outbox begins.
      </EmptyState>
    );
  }
  if (!isFiltered(query)) {
    return (
      <EmptyState icon={Mail} title="No mail yet">
        Activation and reset links, notices of locks and of changed passwords appear here as soon as one is to
        be sent.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={state && !recipient ? `No mail is ${stateLabels[state].toLowerCase()}` : "No mail fits"}
      action={
        <a href="/mail" className={buttonStyles()}>
          Show all mails
        </a>
      }
    >
      {recipient
        ? "Try another state, or a shorter part of the address."
        : state === "FAILED"
          ? "Nothing was refused or given up."
          : "Look at another state, or at all of them."}
    </EmptyState>
  );
}

import { ScrollText, SearchX } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { AuditQuery } from "@/lib/audit/schema";
import { auditAddress, countFilters } from "./audit-address";

/**
 * Shown in place of an empty list: there are no events, none matches the filter, or the reader is past the last page.
 */
export function AuditEmpty({ query }: { query: AuditQuery }) {
  const { from, to, after } = query;
  if (after !== undefined) {
    return (
      <EmptyState
        icon={ScrollText}
        title="No older events"
        action={
          <a href={auditAddress({ ...query, after: undefined })} className={buttonStyles()}>
            Back to the newest
          </a>
        }
      >
        The audit log begins here.
      </EmptyState>
    );
  }
  if (countFilters(query) === 0) {
    return (
      <EmptyState icon={ScrollText} title="No events yet">
        Logins, locks and settings changes appear here, with who did it and from where.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title="No event matches the filter"
      action={
        <a href="/audit" className={buttonStyles()}>
          Clear filters
        </a>
      }
    >
      {from !== undefined && to !== undefined && from > to
        ? "The first day is after the last day. Swap them."
        : "Try more days, another kind of event, or a shorter part of the address."}
    </EmptyState>
  );
}

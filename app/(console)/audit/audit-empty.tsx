import { ScrollText, SearchX } from "lucide-react";
import { EmptyState, NoOlder } from "@/components/ui/empty-state";
import { isAddressBeginning } from "@/lib/audit/rules";
import type { AuditQuery } from "@/lib/audit/schema";
import { HOST } from "@/lib/core/host/rules";
import { auditAddress, countFilters } from "./audit-address";

/**
 * Shown in place of an empty list: there are no events, none matches the filter, or the reader is past the last page.
 */
export function AuditEmpty({ query }: { query: AuditQuery }) {
  const { after } = query;
  if (after !== undefined) {
    return (
      <NoOlder icon={ScrollText} items="events" newest={auditAddress({ ...query, after: undefined })}>
        The audit log begins here.
      </NoOlder>
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
      action={{ href: "/audit", label: "Clear filters" }}
    >
      {adviceOn(query)}
    </EmptyState>
  );
}

/** Says what to change about the filters. */
function adviceOn({ person, address, from, to }: AuditQuery): string {
  if (from !== undefined && to !== undefined && from > to)
    return "The first day is after the last day. Swap them.";
  const advice =
    person === undefined
      ? "Try more days or another kind of event."
      : "Try more days, another kind of event, or a shorter part of the person’s address.";
  if (address === undefined || address === HOST) return advice;
  return isAddressBeginning(address)
    ? `${advice} A shorter beginning of the network address finds more.`
    : `${advice} A network address that ends with a dot or a colon finds all that begin with it.`;
}

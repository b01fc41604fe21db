import { Pager } from "@/components/ui/pager";
import type { AuditQuery } from "@/lib/audit/schema";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import type { Actor } from "@/lib/core/actor";
import { auditAddress, countFilters } from "./audit-address";
import { AuditEmpty } from "./audit-empty";
import { AuditFiltersSet } from "./audit-filters-set";
import { AuditTable } from "./audit-table";

/** A page of events, with the active filters and links to other pages. */
export async function AuditList({ actor, query }: { actor: Actor; query: AuditQuery }) {
  const { entries, nextCursor } = await listAuditEntries(actor, query);
  return (
    <>
      <AuditFiltersSet query={query} isEmpty={entries.length === 0} />
      <div className="mt-5">
        {entries.length > 0 ? <AuditTable entries={entries} query={query} /> : <AuditEmpty query={query} />}
      </div>
      <Pager
        noun={["event", "events"]}
        shown={entries.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => auditAddress({ ...query, after })}
        isFiltered={countFilters(query) > 0}
      />
    </>
  );
}

import { RecordTable } from "@/components/ui/record-table";
import type { AuditEntry, AuditQuery } from "@/lib/audit/schema";
import { AuditRow } from "./audit-row";

const columns = [
  { name: "When", className: "w-44" },
  { name: "What happened" },
  { name: "Who", className: "w-48" },
  { name: "From where", className: "w-52" },
];

/** The events of a page, newest first. */
export function AuditTable({ entries, query }: { entries: AuditEntry[]; query: AuditQuery }) {
  return (
    <RecordTable caption="Events, newest first" from="4xl" columns={columns}>
      {entries.map((entry) => (
        <AuditRow key={entry.id} entry={entry} query={query} />
      ))}
    </RecordTable>
  );
}

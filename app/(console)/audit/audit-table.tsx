import type { AuditEntry, AuditQuery } from "@/lib/audit/schema";
import { AuditRow } from "./audit-row";

const head = "border-b px-4 py-2 font-medium whitespace-nowrap";

/** The events of a page, newest first. It becomes a list where its frame is too narrow for columns. */
export function AuditTable({ entries, query }: { entries: AuditEntry[]; query: AuditQuery }) {
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <table className="block w-full border-collapse text-left @4xl:table @4xl:table-fixed">
        <caption className="sr-only">Events, newest first</caption>
        <thead className="sr-only bg-sunken text-sm text-muted @4xl:not-sr-only @4xl:table-header-group">
          <tr>
            <th scope="col" className={`${head} w-48`}>
              When
            </th>
            <th scope="col" className={head}>
              What happened
            </th>
            <th scope="col" className={`${head} w-56`}>
              Who
            </th>
            <th scope="col" className={`${head} w-56`}>
              From where
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line @4xl:table-row-group">
          {entries.map((entry) => (
            <AuditRow key={entry.id} entry={entry} query={query} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { RecordTable } from "@/components/ui/record-table";
import { revisionName } from "@/lib/settings/history/rules";
import type { RevisionEntry } from "@/lib/settings/history/service";
import { HistoryRow } from "./history-row";

const columns = [
  { name: "When", className: "w-44" },
  { name: "Version", className: "w-44 @5xl:w-56" },
  { name: "What changed" },
  { name: "Who", className: "w-40 @5xl:w-52" },
];

/** The versions of a page, newest first. */
export function HistoryTable({ entries }: { entries: RevisionEntry[] }) {
  return (
    <RecordTable caption="Saved versions, newest first" from="4xl" columns={columns}>
      {entries.map((entry) => (
        <HistoryRow key={revisionName(entry.revision)} entry={entry} />
      ))}
    </RecordTable>
  );
}

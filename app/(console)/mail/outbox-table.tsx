import { RecordTable } from "@/components/ui/record-table";
import type { OutboxEntry } from "@/lib/mail/schema";
import { OutboxRow } from "./outbox-row";

const columns = [
  { name: "Recipient", className: "w-[30%]" },
  { name: "State and last answer" },
  { name: "Attempts", className: "w-24" },
  { name: "When", className: "w-56" },
  { name: <span className="sr-only">Actions</span>, className: "w-32" },
];

/** The mails of a page, newest first. */
export function OutboxTable({ entries, hasServer }: { entries: OutboxEntry[]; hasServer: boolean }) {
  return (
    <RecordTable caption="Messages, newest first" from="4xl" columns={columns}>
      {entries.map((entry) => (
        <OutboxRow key={entry.id} entry={entry} hasServer={hasServer} />
      ))}
    </RecordTable>
  );
}

import { RecordTable } from "@/components/ui/record-table";
import type { SessionsPage } from "@/lib/sessions/live/service";
import { SessionsRow } from "./sessions-row";

const columns = [
  { name: "Person" },
  { name: "Device", className: "w-40 @5xl:w-48" },
  { name: "From where", className: "w-36 @5xl:w-48" },
  { name: "When", className: "w-54" },
  { name: "Key", className: "w-26" },
  { name: <span className="sr-only">Actions</span>, className: "w-20" },
];

/** The sessions of a page, newest first. */
export function SessionsTable({ sessions }: Pick<SessionsPage, "sessions">) {
  return (
    <RecordTable caption="Live sessions, newest first" from="4xl" columns={columns}>
      {sessions.map((session) => (
        <SessionsRow key={session.id} session={session} />
      ))}
    </RecordTable>
  );
}

import type { OutboxEntry } from "@/lib/mail/schema";
import { OutboxRow } from "./outbox-row";

const head = "border-b px-4 py-2 font-medium whitespace-nowrap";

/** The mails of a page, newest first. It becomes a list where its frame is too narrow for columns. */
export function OutboxTable({ entries, hasServer }: { entries: OutboxEntry[]; hasServer: boolean }) {
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <table className="block w-full border-collapse text-left @3xl:table @3xl:table-fixed">
        <caption className="sr-only">Mails, newest first</caption>
        <thead className="sr-only bg-sunken text-sm text-muted @3xl:not-sr-only @3xl:table-header-group">
          <tr>
            <th scope="col" className={`${head} w-[30%]`}>
              Recipient
            </th>
            <th scope="col" className={head}>
              State and last answer
            </th>
            <th scope="col" className={`${head} w-24`}>
              Attempts
            </th>
            <th scope="col" className={`${head} w-52`}>
              When
            </th>
            <th scope="col" className={`${head} w-32`}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line @3xl:table-row-group">
          {entries.map((entry) => (
            <OutboxRow key={entry.id} entry={entry} hasServer={hasServer} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

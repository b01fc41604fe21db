import { Pager } from "@/components/ui/pager";
import type { Person } from "@/lib/core/actor";
import type { OutboxQuery } from "@/lib/mail/schema";
import { readMailReadiness } from "@/lib/mail/service/mail-settings";
import { listOutbox } from "@/lib/mail/service/outbox";
import { NoMailServer } from "./no-mail-server";
import { isFiltered, outboxAddress } from "./outbox-address";
import { OutboxEmpty } from "./outbox-empty";
import { OutboxFilters } from "./outbox-filters";
import { OutboxTable } from "./outbox-table";

/** A page of mails, with a warning if there is no mail server, and links to other pages. */
export async function OutboxList({ actor, query }: { actor: Person; query: OutboxQuery }) {
  const [{ entries, nextCursor }, { hasServer, waiting }] = await Promise.all([
    listOutbox(actor, query),
    readMailReadiness(actor),
  ]);
  return (
    <>
      {hasServer ? null : (
        <div className="mb-5">
          <NoMailServer waiting={waiting} linksToSettings />
        </div>
      )}
      <OutboxFilters query={query} />
      {entries.length > 0 ? (
        <OutboxTable entries={entries} hasServer={hasServer} />
      ) : (
        <OutboxEmpty query={query} />
      )}
      <Pager
        noun={["message", "messages"]}
        shown={entries.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => outboxAddress({ ...query, after })}
        isFiltered={isFiltered(query)}
      />
    </>
  );
}

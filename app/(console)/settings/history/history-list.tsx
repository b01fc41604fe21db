import { Pager } from "@/components/ui/pager";
import type { Actor } from "@/lib/core/actor";
import type { HistoryQuery } from "@/lib/settings/history/schema";
import { listRevisions } from "@/lib/settings/history/service";
import { historyAddress } from "./history-address";
import { HistoryEmpty } from "./history-empty";
import { HistoryTable } from "./history-table";

/** A page of versions, with links to other pages. */
export async function HistoryList({ actor, query }: { actor: Actor; query: HistoryQuery }) {
  const { entries, nextCursor } = await listRevisions(actor, query);
  return (
    <>
      <div className="mt-5">
        {entries.length > 0 ? <HistoryTable entries={entries} /> : <HistoryEmpty query={query} />}
      </div>
      <Pager
        noun={["version", "versions"]}
        shown={entries.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => historyAddress({ ...query, after })}
        isFiltered={query.panel !== undefined}
      />
    </>
  );
}

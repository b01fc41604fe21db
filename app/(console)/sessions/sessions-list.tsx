import { Pager } from "@/components/ui/pager";
import type { Person } from "@/lib/core/actor";
import type { SessionsQuery } from "@/lib/sessions/live/schema";
import { listSessions } from "@/lib/sessions/live/service";
import { PersonSessionsBar } from "./person-sessions-bar";
import { isFiltered, sessionsAddress } from "./sessions-address";
import { SessionsEmpty } from "./sessions-empty";
import { SessionsTable } from "./sessions-table";

/** A page of sessions, with a bar naming the owner if only one person's are shown, and links to other pages. */
export async function SessionsList({ actor, query }: { actor: Person; query: SessionsQuery }) {
  const { sessions, nextCursor, owner } = await listSessions(actor, query);
  return (
    <>
      {owner ? <PersonSessionsBar owner={owner} isOneself={owner.id === actor.userId} /> : null}
      <div className="mt-5">
        {sessions.length > 0 ? <SessionsTable sessions={sessions} /> : <SessionsEmpty query={query} />}
      </div>
      <Pager
        noun={["session", "sessions"]}
        shown={sessions.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => sessionsAddress({ ...query, after })}
        isFiltered={isFiltered(query)}
      />
    </>
  );
}

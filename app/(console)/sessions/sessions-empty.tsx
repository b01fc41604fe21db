import { MonitorOff, SearchX } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { SessionsQuery } from "@/lib/sessions/live/schema";
import { sessionsAddress } from "./sessions-address";

function emptyTitle({ search, kind, user, key }: SessionsQuery): string {
  if (search || kind || (user && key)) return "No session matches";
  if (key) return "No live session uses this key";
  return user ? "Not logged in anywhere" : "No session matches";
}

/** Shown in place of an empty list: the reader is past the last page, or no logged-in person matches. */
export function SessionsEmpty({ query }: { query: SessionsQuery }) {
  const { search, after } = query;
  if (after !== undefined) {
    return (
      <EmptyState
        icon={MonitorOff}
        title="No older sessions"
        action={
          <a href={sessionsAddress({ ...query, after: undefined })} className={buttonStyles()}>
            Back to the newest
          </a>
        }
      >
        The list ends here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={emptyTitle(query)}
      action={
        <a href="/sessions" className={buttonStyles()}>
          Show all sessions
        </a>
      }
    >
      {search
        ? "Only people who are logged in appear here. Try a shorter part of the address or name, or another kind."
        : "A session appears here at login, and disappears when the person logs out, somebody ends it, or it expires."}
    </EmptyState>
  );
}

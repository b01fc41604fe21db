import { MonitorOff, SearchX } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { SessionsQuery } from "@/lib/sessions/live/schema";
import { sessionsAddress } from "./sessions-address";

/** Shown in place of an empty list: the reader is past the last page, or no logged-in person matches. */
export function SessionsEmpty({ query }: { query: SessionsQuery }) {
  const { search, kind, user, after } = query;
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
        This is where the list ends.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={user && !search && !kind ? "Logged in nowhere" : "No session fits"}
      action={
        <a href="/sessions" className={buttonStyles()}>
          Show all sessions
        </a>
      }
    >
      {search
        ? "Only people who are logged in are found here. Try a shorter part of the address or of the name, or another kind."
        : "A session appears here with a login, and goes when it is ended, left or not renewed in time."}
    </EmptyState>
  );
}

import { MonitorOff, SearchX } from "lucide-react";
import { EmptyState, NoOlder } from "@/components/ui/empty-state";
import { personSearchAdvice } from "@/components/ui/filter";
import type { SessionsQuery } from "@/lib/sessions/live/schema";
import { sessionsAddress } from "./sessions-address";

type Words = { title: string; text: string };

function emptyWords({ search, kind, user, key }: SessionsQuery): Words {
  if (search)
    return {
      title: "No session matches",
      text: `Only people who are logged in appear here. ${personSearchAdvice(search)}, or another kind.`,
    };
  if (key && !kind && !user)
    return {
      title: "No live session uses this key",
      text: "A session moves to the key that signs now when its token is renewed.",
    };
  return {
    title: user && !kind && !key ? "Not logged in anywhere" : "No session matches",
    text: "A session appears here at login, and disappears when the person logs out, somebody ends it, or it expires.",
  };
}

/** Shown in place of an empty list: the reader is past the last page, or no logged-in person matches. */
export function SessionsEmpty({ query }: { query: SessionsQuery }) {
  const { after } = query;
  if (after !== undefined) {
    return (
      <NoOlder icon={MonitorOff} items="sessions" newest={sessionsAddress({ ...query, after: undefined })}>
        The list ends here.
      </NoOlder>
    );
  }
  const { title, text } = emptyWords(query);
  return (
    <EmptyState icon={SearchX} title={title} action={{ href: "/sessions", label: "Show all sessions" }}>
      {text}
    </EmptyState>
  );
}

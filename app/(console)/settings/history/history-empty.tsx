import { History } from "lucide-react";
import { EmptyState, NoOlder } from "@/components/ui/empty-state";
import type { HistoryQuery } from "@/lib/settings/history/schema";
import { historyAddress } from "./history-address";

/** Shown in place of an empty list: nothing was ever saved, or the reader is past the last page. */
export function HistoryEmpty({ query }: { query: HistoryQuery }) {
  if (query.after !== undefined) {
    return (
      <NoOlder icon={History} items="versions" newest={historyAddress({ ...query, after: undefined })}>
        The history begins here.
      </NoOlder>
    );
  }
  return (
    <EmptyState
      icon={History}
      title="Nothing saved yet"
      action={{ href: `/settings/security#${query.panel ?? "general"}`, label: "Show the settings" }}
    >
      The defaults are in effect. Each save adds a version here: who saved it, and what changed.
    </EmptyState>
  );
}

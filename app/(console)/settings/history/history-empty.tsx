import { History } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { HistoryQuery } from "@/lib/settings/history/schema";
import { historyAddress } from "./history-address";

/** Shown in place of an empty list: nothing was ever saved, or the reader is past the last page. */
export function HistoryEmpty({ query }: { query: HistoryQuery }) {
  if (query.after !== undefined) {
    return (
      <EmptyState
        icon={History}
        title="No older versions"
        action={
          <a href={historyAddress({ ...query, after: undefined })} className={buttonStyles()}>
            Back to the newest
          </a>
        }
      >
        The history begins here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={History}
      title="Nothing saved yet"
      action={
        <a href={`/settings/security#${query.panel ?? "general"}`} className={buttonStyles()}>
          Show the settings
        </a>
      }
    >
      The defaults are in force. Each save adds a version here: who saved it, and what changed.
    </EmptyState>
  );
}

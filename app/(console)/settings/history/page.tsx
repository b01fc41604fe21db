import type { Metadata } from "next";
import { auditAddress } from "@/app/(console)/audit/audit-address";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { PageLink } from "@/components/ui/page-link";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { historyQuerySchema } from "@/lib/settings/history/schema";
import { HistoryFilters } from "./history-filters";
import { HistoryList } from "./history-list";
import { HistorySkeleton } from "./history-skeleton";

export const metadata: Metadata = { title: "History" };

export default async function HistoryPage({ searchParams }: PageProps<"/settings/history">) {
  const actor = await requirePageAdministrator();
  const query = historyQuerySchema.parse(await searchParams);
  return (
    <>
      <PageHeader
        title="History"
        description="Every saved version of the security settings. Open one to compare it, or to restore its values."
        actions={
          <PageLink
            href={auditAddress({ kind: "settings-changed" })}
            title="The same changes with their network addresses, to be filtered by day or downloaded"
            className={buttonStyles()}
          >
            Show in Audit
          </PageLink>
        }
      />
      <HistoryFilters query={query} />
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<HistorySkeleton />}>
        <HistoryList actor={actor} query={query} />
      </ListWithSkeleton>
    </>
  );
}

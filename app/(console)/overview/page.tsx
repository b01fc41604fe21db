import type { Metadata } from "next";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { OverviewContent } from "./overview-content";
import { OverviewSkeleton } from "./overview-skeleton";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const actor = await requirePageAdministrator();
  return (
    <>
      <PageHeader
        title="Overview"
        description="What needs your attention, which rules are in effect, and what happened lately."
      />
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<OverviewSkeleton />}>
        <OverviewContent actor={actor} />
      </ListWithSkeleton>
    </>
  );
}

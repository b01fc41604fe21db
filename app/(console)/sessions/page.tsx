import type { Metadata } from "next";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { sessionsQuerySchema } from "@/lib/sessions/live/schema";
import { listSessionKeys } from "@/lib/sessions/live/service";
import { EndAllButton } from "./end-all-button";
import { SessionsFilters } from "./sessions-filters";
import { SessionsList } from "./sessions-list";
import { SessionsSkeleton } from "./sessions-skeleton";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage({ searchParams }: PageProps<"/sessions">) {
  const actor = await requirePageAdministrator();
  const query = sessionsQuerySchema.parse(await searchParams);
  return (
    <>
      <PageHeader
        title="Sessions"
        description="Who is logged in right now, in a browser, a program or a mobile app. A session that you end is refused from its next request."
        // Beside one person's sessions, it would be mistaken for the button that ends these.
        actions={query.user ? null : <EndAllButton />}
      />
      {query.user ? null : <SessionsFilters query={query} keys={await listSessionKeys(actor)} />}
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<SessionsSkeleton />}>
        <SessionsList actor={actor} query={query} />
      </ListWithSkeleton>
    </>
  );
}

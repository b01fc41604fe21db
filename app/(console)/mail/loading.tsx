import { PageHeader } from "@/components/layout/page-header";
import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";
import { outboxDescription, outboxTitle } from "./outbox-frame";

/** The page while its mails are on their way: what is known already stands. */
export default function OutboxLoading() {
  return (
    <>
      <PageHeader title={outboxTitle} description={outboxDescription} />
      <div role="status">
        <span className="sr-only">Loading mails</span>
        <Skeleton className="mb-5 h-9 w-72 max-w-full" />
        <TableSkeleton />
      </div>
    </>
  );
}

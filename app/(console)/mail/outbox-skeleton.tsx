import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the outbox while its mails load. */
export function OutboxSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading messages</span>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
        <Skeleton className="h-9.5 w-54" />
        <Skeleton className="h-15 w-full sm:w-80" />
      </div>
      <TableSkeleton columns={4} lines={6} inPairs />
    </div>
  );
}

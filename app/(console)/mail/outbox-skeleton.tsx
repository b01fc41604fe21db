import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** The outbox while its mails are on their way. */
export function OutboxSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading mails</span>
      <Skeleton className="mb-5 h-9 w-72 max-w-full" />
      <TableSkeleton from="3xl" columns={4} lines={6} />
    </div>
  );
}

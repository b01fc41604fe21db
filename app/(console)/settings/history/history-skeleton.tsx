import { TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the list while its versions load. */
export function HistorySkeleton() {
  return (
    <div role="status" className="mt-5">
      <span className="sr-only">Loading versions</span>
      <TableSkeleton columns={4} lines={4} />
    </div>
  );
}

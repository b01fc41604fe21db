import { TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the list while its sessions load. */
export function SessionsSkeleton() {
  return (
    <div role="status" className="mt-5">
      <span className="sr-only">Loading sessions</span>
      <TableSkeleton columns={5} lines={7} inPairs />
    </div>
  );
}

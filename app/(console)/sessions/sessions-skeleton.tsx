import { TableSkeleton } from "@/components/ui/skeleton";

/** The list while its sessions are on their way. */
export function SessionsSkeleton() {
  return (
    <div role="status" className="mt-5">
      <span className="sr-only">Loading sessions</span>
      <TableSkeleton from="4xl" columns={5} lines={7} />
    </div>
  );
}

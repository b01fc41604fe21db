import { rowKeys, Skeleton } from "@/components/ui/skeleton";

/** A placeholder for the list while its events load. */
export function AuditSkeleton() {
  return (
    <div role="status" className="@container mt-5">
      <span className="sr-only">Loading events</span>
      <div className="overflow-hidden rounded border bg-surface">
        <div className="hidden h-9.5 border-b bg-sunken @4xl:block" />
        <div className="divide-y divide-line">
          {rowKeys(10).map((row) => (
            <div
              key={row}
              className="grid min-h-23 grid-cols-1 content-start gap-3 py-4 pr-4 pl-10.5 @4xl:min-h-17 @4xl:grid-cols-[10rem_minmax(0,1fr)_12rem_12rem] @4xl:gap-8 @4xl:px-4"
            >
              <Skeleton className="h-3.5 w-36" />
              <Skeleton className="h-3.5 w-72 max-w-full" />
              <Skeleton className="h-3.5 w-40 max-w-full" />
              <Skeleton className="hidden h-3.5 w-36 @4xl:block" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

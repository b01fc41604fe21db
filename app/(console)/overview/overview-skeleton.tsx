import { rowKeys, Skeleton } from "@/components/ui/skeleton";

/** A placeholder for the overview's cards while they load. */
export function OverviewSkeleton() {
  return (
    <div
      role="status"
      className="grid max-w-3xl items-start gap-8 xl:max-w-6xl xl:grid-cols-[minmax(0,1fr)_23rem]"
    >
      <span className="sr-only">Loading the overview</span>
      <div className="grid gap-8">
        <CardLines rows={2} className="h-12.5" />
        <CardLines rows={3} bars={3} className="h-25 content-center gap-2.5" />
      </div>
      <div className="grid items-start gap-8 md:max-xl:grid-cols-2">
        <CardLines rows={7} className="h-9.5" />
        <CardLines rows={10} className="h-9.5" />
      </div>
    </div>
  );
}

const widths = ["w-32", "w-full", "w-2/3"];

/** A card with rows of bars; a row with a single bar has half of its width. */
function CardLines({ rows, bars = 1, className }: { rows: number; bars?: number; className: string }) {
  return (
    <div className="rounded border bg-surface">
      <div className="border-b px-5 py-4 sm:px-6">
        <Skeleton className="my-0.5 h-5 w-36" />
      </div>
      <div className="divide-y divide-line">
        {rowKeys(rows).map((row) => (
          <div key={row} className={`grid items-center px-5 sm:px-6 ${className}`}>
            {bars === 1 ? (
              <Skeleton className="h-3.5 w-1/2" />
            ) : (
              rowKeys(bars).map((bar, index) => <Skeleton key={bar} className={`h-3.5 ${widths[index]}`} />)
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

import { Skeleton } from "@/components/ui/skeleton";

const lines = (n: number) => Array.from({ length: n }, (_, index) => `line-${index}`);

/** A placeholder for the overview's cards while they load. */
export function OverviewSkeleton() {
  return (
    <div
      role="status"
      className="grid max-w-3xl items-start gap-8 xl:max-w-6xl xl:grid-cols-[minmax(0,1fr)_23rem]"
    >
      <span className="sr-only">Loading the overview</span>
      <div className="grid gap-8">
        <CardLines n={2} className="h-12.5" />
        <CardLines n={3} className="h-25" />
      </div>
      <div className="grid items-start gap-8 md:max-xl:grid-cols-2">
        <CardLines n={7} className="h-9.5" />
        <CardLines n={10} className="h-9.5" />
      </div>
    </div>
  );
}

function CardLines({ n, className }: { n: number; className: string }) {
  return (
    <div className="rounded border bg-surface">
      <div className="border-b px-5 py-4 sm:px-6">
        <Skeleton className="h-6 w-36" />
      </div>
      <div className="divide-y divide-line">
        {lines(n).map((line) => (
          <div key={line} className={`grid items-center px-5 sm:px-6 ${className}`}>
            <Skeleton className="h-3.5 w-2/3" />
          </div>
        ))}
      </div>
    </div>
  );
}

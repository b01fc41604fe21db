import { clsx } from "clsx";

/** The place of something that is on its way; give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={clsx("block animate-breathe rounded bg-hover forced-colors:border", className)}
    />
  );
}

const rowKeys = (rows: number) => Array.from({ length: rows }, (_, index) => `row-${index}`);

/** A settings card on its way: header, then rows of label, help and control. */
export function CardSkeleton({ rows }: { rows: number }) {
  return (
    <div className="rounded border bg-surface">
      <div className="border-b px-5 py-4 sm:px-6">
        <Skeleton className="h-5 w-36" />
        <Skeleton className="mt-2 h-4 w-64 max-w-full" />
      </div>
      <div className="divide-y divide-line">
        {rowKeys(rows).map((key) => (
          <div key={key} className="field-skeleton">
            <span />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A table on its way. */
export function TableSkeleton({ rows = 8, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <div className="overflow-hidden rounded border bg-surface">
      <div className="h-9 border-b bg-canvas" />
      <div className="divide-y divide-line">
        {rowKeys(rows).map((key) => (
          <div key={key} className="flex gap-6 px-4 py-3.5">
            {rowKeys(columns).map((column) => (
              <Skeleton key={column} className="h-3.5 flex-1" />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

import { clsx } from "clsx";

/** A placeholder for something that is loading; give it the size of the real thing. */
export function Skeleton({ className }: { className: string }) {
  return (
    <span
      aria-hidden
      className={clsx("block animate-breathe rounded bg-line forced-colors:border", className)}
    />
  );
}

/** Returns a key for each of so many placeholders. */
export const rowKeys = (rows: number) => Array.from({ length: rows }, (_, index) => `row-${index}`);

/** A placeholder for a settings card: header, then rows of label, help and control. */
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

type TableSkeletonProps = {
  /** How many columns a row has in the wide layout, and how many lines in the narrow one. */
  columns: number;
  lines: number;
  /** In the narrow layout, lines are in pairs where there is room for two. */
  inPairs?: boolean;
};

/** A placeholder for a record table that shows columns from "4xl". */
export function TableSkeleton({ columns, lines, inPairs = false }: TableSkeletonProps) {
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <div className="hidden h-9.5 border-b bg-sunken @4xl:block" />
      <div className="divide-y divide-line">
        {rowKeys(10).map((key) => (
          <div
            key={key}
            className={clsx(
              "grid gap-2.5 px-4 py-4.5 @4xl:flex @4xl:min-h-17 @4xl:gap-8",
              inPairs && "@2xl:grid-cols-2",
            )}
          >
            {rowKeys(lines).map((line, index) => (
              <Skeleton
                key={line}
                className={clsx(
                  "h-3.5 max-w-full",
                  index === 0 ? "w-64" : "w-40",
                  index < columns ? "@4xl:w-auto @4xl:flex-1" : "@4xl:hidden",
                )}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

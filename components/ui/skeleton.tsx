import { clsx } from "clsx";

/** A placeholder for something that is loading; give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={clsx("block animate-breathe rounded bg-line forced-colors:border", className)}
    />
  );
}

const rowKeys = (rows: number) => Array.from({ length: rows }, (_, index) => `row-${index}`);

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

/** As in a record table: the container width from which columns are shown. */
const styles = {
  "3xl": {
    head: "@3xl:block",
    row: "@3xl:flex @3xl:min-h-17 @3xl:gap-8",
    bar: "@3xl:w-auto @3xl:flex-1",
    rest: "@3xl:hidden",
  },
  "4xl": {
    head: "@4xl:block",
    row: "@4xl:flex @4xl:min-h-17 @4xl:gap-8",
    bar: "@4xl:w-auto @4xl:flex-1",
    rest: "@4xl:hidden",
  },
} as const;

type TableSkeletonProps = {
  from: keyof typeof styles;
  /** How many columns a row has in the wide layout, and how many lines in the narrow one. */
  columns: number;
  lines: number;
  /** In the narrow layout, lines are in pairs where there is room for two. */
  inPairs?: boolean;
};

/** A placeholder for a record table. */
export function TableSkeleton({ from, columns, lines, inPairs = false }: TableSkeletonProps) {
  const style = styles[from];
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <div className={clsx("hidden h-9.5 border-b bg-sunken", style.head)} />
      <div className="divide-y divide-line">
        {rowKeys(10).map((key) => (
          <div
            key={key}
            className={clsx("grid gap-2.5 px-4 py-4.5", inPairs && "@2xl:grid-cols-2", style.row)}
          >
            {rowKeys(lines).map((line, index) => (
              <Skeleton
                key={line}
                className={clsx(
                  "h-3.5 max-w-full",
                  index === 0 ? "w-64" : "w-40",
                  index < columns ? style.bar : style.rest,
                )}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

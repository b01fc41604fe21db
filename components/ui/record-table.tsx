import { clsx } from "clsx";
import type { ReactNode } from "react";

/** The container width from which columns are shown. */
const styles = {
  "3xl": {
    table: "@3xl:table @3xl:table-fixed",
    head: "@3xl:not-sr-only @3xl:table-header-group",
    body: "@3xl:table-row-group",
  },
  "4xl": {
    table: "@4xl:table @4xl:table-fixed",
    head: "@4xl:not-sr-only @4xl:table-header-group",
    body: "@4xl:table-row-group",
  },
} as const;

/**
 * The look of a cell, by the width from which its table shows columns. The first lines of a row's cells have one baseline,
 * whatever their text sizes and badges.
 */
export const recordCell = {
  "3xl": "@3xl:table-cell @3xl:px-4 @3xl:py-3 @3xl:align-baseline",
  "4xl": "@4xl:table-cell @4xl:px-4 @4xl:py-3 @4xl:align-baseline",
} as const;

/** What a cell has for a button besides, which is centred on the row's first line: one with an icon has another baseline. */
export const buttonCell = "@4xl:pt-2 @4xl:pointer-coarse:pt-0.5 @4xl:align-top @4xl:text-right";

type RecordTableProps = {
  caption: ReactNode;
  from: keyof typeof styles;
  /** The columns' names, and the classes for their widths. */
  columns: readonly { name: ReactNode; className?: string }[];
  children: ReactNode;
};

/** A list of records as a table with named columns. In a container too narrow for columns it becomes a list. */
export function RecordTable({ caption, from, columns, children }: RecordTableProps) {
  const style = styles[from];
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <table className={clsx("block w-full border-collapse text-left", style.table)}>
        <caption className="sr-only">{caption}</caption>
        <thead className={clsx("sr-only bg-sunken text-sm text-muted", style.head)}>
          <tr>
            {columns.map(({ name, className }, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                key={index}
                scope="col"
                className={clsx("border-b px-4 py-2 font-medium whitespace-nowrap", className)}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={clsx("block divide-y divide-line", style.body)}>{children}</tbody>
      </table>
    </div>
  );
}

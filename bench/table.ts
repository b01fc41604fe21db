import { median } from "./statistics";

/** One line of the table. Without `limit` it is there for comparison only. */
export type Row = Readonly<{
  label: string;
  value: string;
  limit?: string;
  isWithin?: boolean;
  /** The range, and the number of samples or rounds. */
  note?: string;
}>;

/** The results of one measurement. */
export type Figures = Readonly<{
  rows: Row[];
  /** Sentences that explain the rows. */
  remarks: string[];
  /** The share of the machine's CPU time that other programs used, in each round. */
  others: number[];
}>;

/** Rows that need no explanation. */
export const figures = (rows: Row[]): Figures => ({ rows, remarks: [], others: [] });

const HEAD: Row = { label: "", value: "measured", limit: "limit", note: "" };
const GAP = "  ";

/** Whether every limit is kept. */
export function isPassed(rows: readonly Row[]): boolean {
  return rows.every(({ isWithin }) => isWithin !== false);
}

function verdict({ isWithin }: Row): string {
  return isWithin === undefined ? "" : isWithin ? "pass" : "FAIL";
}

/** Formats the rows as an aligned text table. */
export function tableText(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows].map((row) => [
    row.label,
    row.value,
    row.limit ?? "",
    verdict(row),
    row.note ?? "",
  ]);
  const widths = cells.reduce<number[]>(
    (wide, row) => row.map((cell, column) => Math.max(wide[column] ?? 0, cell.length)),
    [],
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Returns the median of several rounds, and their range. */
export function overRounds(
  values: readonly number[],
  show: (value: number) => string,
  noun = "quiet rounds",
): { middle: number; value: string; note: string } {
  const middle = median(values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return {
    middle,
    value: show(middle),
    note: `${show(low)} to ${show(high)} in ${values.length} ${noun}`,
  };
}

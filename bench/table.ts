import { median } from "./statistics";

/** One line of the answer. Without `limit` it stands there for comparison. */
export type Row = Readonly<{
  label: string;
  value: string;
  limit?: string;
  isWithin?: boolean;
  /** How far it varied, and from how much it is. */
  note?: string;
}>;

/** What one measurement has found. */
export type Figures = Readonly<{
  rows: Row[];
  /** What explains the rows, a sentence each. */
  remarks: string[];
  /** The share of the machine's time that went to others, in each of the rounds. */
  others: number[];
}>;

/** Rows that need no explanation. */
export const figures = (rows: Row[]): Figures => ({ rows, remarks: [], others: [] });

const HEAD: Row = { label: "", value: "measured", limit: "limit", note: "" };
const GAP = "  ";

/** Whether no limit is missed. */
export function isPassed(rows: readonly Row[]): boolean {
  return rows.every(({ isWithin }) => isWithin !== false);
}

function verdict({ isWithin }: Row): string {
  return isWithin === undefined ? "" : isWithin ? "pass" : "FAIL";
}

/** The rows under one another, as text. */
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

/** The median of several rounds and how far they lie apart. */
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

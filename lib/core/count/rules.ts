/** Formats a count with its noun: "1 login", "10,000 logins". `many` is the plural if it is not `one` with an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** Formats a count of consecutive events: "5 wrong passwords in a row". A single event gets no "in a row". */
export function countedInARow(n: number, one: string): string {
  return n > 1 ? `${counted(n, one)} in a row` : counted(n, one);
}

/**
 * How many rows are counted for display. Of more rows, only that there are more is known, because counting them all
 * would take too long.
 */
export const COUNT_LIMIT = 100_000;

/** Formats a count that may have stopped at the limit: "12", "100,000+". */
export function limitedCountText(n: number): string {
  return n > COUNT_LIMIT ? `${COUNT_LIMIT.toLocaleString("en-US")}+` : n.toLocaleString("en-US");
}

/** Formats a count that may have stopped at the limit, with its noun: "1 login", "100,000+ logins". */
export function countedUpToLimit(n: number, one: string, many = `${one}s`): string {
  return `${limitedCountText(n)} ${n === 1 ? one : many}`;
}

/** A place in a list that is sorted by time, newest first: the time and the id of the row before it. */
export type Cursor = { at: Date; id: string };

/** Formats a cursor for a URL: the milliseconds since the epoch, a dash, and the id. */
function encodeCursor({ at, id }: Cursor): string {
  return `${at.getTime()}-${id}`;
}

/** Parses what `encodeCursor` wrote, if a query has it; the query's schema has checked its form. */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const dash = text.indexOf("-");
  return { at: new Date(Number(text.slice(0, dash))), id: text.slice(dash + 1) };
}

/**
 * Returns a page of a list, and the cursor of the next page; null if there is none.
 * @param found up to `size` + 1 rows: a row more than the page holds shows that there is a next page
 */
export function pageOf<Row>(
  found: readonly Row[],
  size: number,
  placeOf: (row: Row) => Cursor,
): { page: Row[]; nextCursor: string | null } {
  const page = found.slice(0, size);
  const last = page.at(-1);
  return { page, nextCursor: last && found.length > size ? encodeCursor(placeOf(last)) : null };
}

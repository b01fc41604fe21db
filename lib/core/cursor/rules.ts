/** A place in a list that is sorted by age, newest first: the instant and the id of the row before it. */
export type Cursor = { at: Date; id: string };

/** The cursor as it stands in an address. */
function encodeCursor({ at, id }: Cursor): string {
  return `${at.getTime()}-${id}`;
}

/** Reads what `encodeCursor` wrote; the query's schema has checked its form. */
export function decodeCursor(text: string): Cursor {
  const dash = text.indexOf("-");
  return { at: new Date(Number(text.slice(0, dash))), id: text.slice(dash + 1) };
}

/**
 * A page of a list, and the cursor of the next one if there is one.
 * @param found one row more than the page has room for, if there are so many
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

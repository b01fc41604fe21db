/** A place in a list that is sorted by age, newest first: the instant and the id of the row before it. */
export type Cursor = { at: Date; id: string };

/** The cursor as it stands in an address. */
export function encodeCursor({ at, id }: Cursor): string {
  return `${at.getTime()}-${id}`;
}

/** Reads what `encodeCursor` wrote; the query's schema has checked its form. */
export function decodeCursor(text: string): Cursor {
  const dash = text.indexOf("-");
  return { at: new Date(Number(text.slice(0, dash))), id: text.slice(dash + 1) };
}

/** A place between two sessions, newest first: when the one before it began, and its id. */
export type SessionsCursor = { createdAt: Date; id: string };

/** The cursor as it stands in an address. */
export function encodeSessionsCursor({ createdAt, id }: SessionsCursor): string {
  return `${createdAt.getTime()}-${id}`;
}

/** Reads what `encodeSessionsCursor` wrote; the query schema has checked its form. */
export function decodeSessionsCursor(text: string): SessionsCursor {
  const dash = text.indexOf("-");
  return { createdAt: new Date(Number(text.slice(0, dash))), id: text.slice(dash + 1) };
}

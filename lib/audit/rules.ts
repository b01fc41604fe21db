/** A place between two events, newest first: the instant in milliseconds and the id of the event before it. */
export type AuditCursor = { at: Date; id: bigint };

/** The cursor as it stands in an address. */
export function encodeCursor(cursor: AuditCursor): string {
  return `${cursor.at.getTime()}-${cursor.id}`;
}

/** Reads what `encodeCursor` wrote; the query schema has checked its form. */
export function decodeCursor(text: string): AuditCursor {
  const [at = "0", id = "0"] = text.split("-");
  return { at: new Date(Number(at)), id: BigInt(id) };
}

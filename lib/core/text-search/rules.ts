/** Escapes text for a LIKE pattern, so that `%` and `_` are taken literally. Prisma's `contains` is such a pattern. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

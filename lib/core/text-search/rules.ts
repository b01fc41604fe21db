/** Text as a LIKE pattern finds it: `%` and `_` typed by a person mean themselves. Prisma's `contains` is such a pattern. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

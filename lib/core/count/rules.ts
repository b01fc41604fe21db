/** A count with its noun, as sentences have it: "1 login", "10,000 logins". `many` is for nouns that take more than an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** The same for what came one after the other: "5 wrong passwords in a row". A single one is no row. */
export function countedInARow(n: number, one: string): string {
  return n > 1 ? `${counted(n, one)} in a row` : counted(n, one);
}

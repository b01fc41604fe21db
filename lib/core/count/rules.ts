/** A count with its noun, as sentences have it: "1 login", "10,000 logins". `many` is for nouns that take more than an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** Formats a count with its noun: "1 login", "10,000 logins". `many` is the plural if it is not `one` with an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** Formats a count of consecutive events: "5 wrong passwords in a row". A single event gets no "in a row". */
export function countedInARow(n: number, one: string): string {
  return n > 1 ? `${counted(n, one)} in a row` : counted(n, one);
}

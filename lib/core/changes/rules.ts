/** Returns the names of the fields whose values differ. */
export function changedFields<T extends object>(from: T, to: T): (keyof T & string)[] {
  return (Object.keys(to) as (keyof T & string)[]).filter((key) => from[key] !== to[key]);
}

/** Returns the fields whose values differ, each with both values. */
export function changesOf<T extends object>(from: T, to: T) {
  const changes = changedFields(from, to).map((key) => [key, { from: from[key], to: to[key] }]);
  return Object.fromEntries(changes) as { [Key in keyof T]?: { from: T[Key]; to: T[Key] } };
}

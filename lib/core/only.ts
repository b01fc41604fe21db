/** Returns the one item of a list that has exactly one. @throws when it has another number */
export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`Expected one item, not ${items.length}.`);
  return item;
}

/** Converts a query to an object. A repeated name becomes an array, as in the query of a page; no schema accepts one. */
export function fieldsOf(query: URLSearchParams): Record<string, string | string[]> {
  const names = new Set(query.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

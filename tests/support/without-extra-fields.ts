import { isSchema } from "@/lib/request/json-schema";

/**
 * Copies a schema, or a value that contains schemas, so that no object may have fields other than those described. The
 * document tells clients that a future answer may have more fields; today's answers must have none but those.
 */
export function withoutExtraFields<T>(value: T): T {
  return close(value) as T;
}

function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (!isSchema(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, close(inner)]));
  return isSchema(copy.properties) ? { additionalProperties: false, ...copy } : copy;
}

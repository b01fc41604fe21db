import { isSchema } from "@/lib/request/json-schema";

/**
 * A copy of a schema, or of what holds some, in which no object has other fields than those that are said of it. The
 * document tells clients that an answer may come to have more; what is answered today is held to what it says today.
 */
export function closed<T>(value: T): T {
  return close(value) as T;
}

function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (!isSchema(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, close(inner)]));
  return isSchema(copy.properties) ? { additionalProperties: false, ...copy } : copy;
}

import { z } from "zod";

/**
 * Returns the smallest and the largest number that a field's schema accepts; null for a schema that is not a number.
 */
export function boundsOf(schema: unknown): { min: number; max: number } | null {
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodNumber)) return null;
  return { min: inner.minValue ?? Number.NEGATIVE_INFINITY, max: inner.maxValue ?? Number.POSITIVE_INFINITY };
}

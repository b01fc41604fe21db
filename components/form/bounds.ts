import { z } from "zod";

/** The least and the greatest number that a field's schema admits; null for what is no number. */
export function boundsOf(schema: unknown): { min: number; max: number } | null {
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodNumber)) return null;
  return { min: inner.minValue ?? Number.NEGATIVE_INFINITY, max: inner.maxValue ?? Number.POSITIVE_INFINITY };
}

import type * as z from "zod/mini";

type Bounds = { min: number; max: number };

/**
 * Returns the smallest and the largest number that a field's schema accepts; null for a schema that is not a number.
 */
export function boundsOf(schema: unknown): Bounds | null {
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  if (def?.type === "nullable") return boundsOf(def.innerType);
  if (def?.type !== "number") return null;
  const bounds: Bounds = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  for (const check of (def.checks ?? []) as z.core.$ZodChecks[]) {
    const rule = check._zod.def;
    if (rule.check === "greater_than") bounds.min = Number(rule.value);
    if (rule.check === "less_than") bounds.max = Number(rule.value);
  }
  return bounds;
}

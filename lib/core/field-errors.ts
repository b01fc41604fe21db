import type { z } from "zod";
import type { Failure } from "./result";

/** All error messages of each invalid field, by field name. */
export type FieldErrors = Record<string, string[]>;

/** The input failed its validation. */
export type Invalid = Failure<"invalid", { fieldErrors: FieldErrors }>;

const byPath = (path: readonly PropertyKey[]) => path.join(".");

/** Groups a schema's errors by field. @param nameOf names the field at a path; by default `a.b` */
export function fieldErrorsOf({ issues }: z.core.$ZodError, nameOf = byPath): FieldErrors {
  const fieldErrors: FieldErrors = {};
  for (const { path, message } of issues) {
    const field = nameOf(path);
    fieldErrors[field] = [...(fieldErrors[field] ?? []), message];
  }
  return fieldErrors;
}

import type { z } from "zod";
import type { FieldErrors } from "@/lib/core/field-errors";

type FieldName = "email" | "firstName" | "lastName";
/** The error of each field, as one sentence. */
export type EntryErrors = { [name in FieldName]?: string | undefined };

/**
 * The fields for a new or an existing person, in order. `autoComplete` is off, because the browser would fill in the
 * administrator's own name.
 */
export const fields = [
  {
    name: "email",
    label: "E-mail",
    help: "The person logs in with this address and receives mail there.",
    type: "email",
    inputMode: "email",
    autoCapitalize: "none",
    spellCheck: false,
    autoComplete: "off",
    "aria-required": true,
  },
  { name: "firstName", label: "First name", help: "Optional.", dir: "auto", autoComplete: "off" },
  { name: "lastName", label: "Last name", help: "Optional.", dir: "auto", autoComplete: "off" },
] as const;

/** Returns the first error of each field, from the form's own schema. */
export function errorsOf(error: z.core.$ZodError): EntryErrors {
  const first = (name: FieldName) => error.issues.find(({ path }) => path[0] === name)?.message;
  return { email: first("email"), firstName: first("firstName"), lastName: first("lastName") };
}

/** Returns the first error of each field, from the server's answer. */
export function serverErrors(answered: FieldErrors): EntryErrors {
  return Object.fromEntries(fields.map(({ name }) => [name, answered[name]?.[0]]));
}

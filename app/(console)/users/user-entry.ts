import type { z } from "zod";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { FieldErrors } from "@/lib/core/field-errors";

type FieldName = "email" | "firstName" | "lastName";
/** The text in each field. */
export type Entry = Record<FieldName, string>;
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

/** Returns what was typed, and in the fields that were left as they were `seen`, what is stored now. */
export function rebased(typed: Entry, seen: Entry, current: Entry): Entry {
  return Object.fromEntries(
    fields.map(({ name }) => [name, typed[name] === seen[name] ? current[name] : typed[name]]),
  ) as Entry;
}

/** Names the fields that have another value than was `seen`, with it: "first name “Augusta”, no last name". */
export function changesText(seen: Entry, current: Entry): string {
  return fields
    .filter(({ name }) => current[name] !== seen[name])
    .map(({ name, label }) => {
      const field = label.toLowerCase();
      return current[name] === "" ? `no ${field}` : `${field} “${escapeInvisible(current[name])}”`;
    })
    .join(", ");
}

import type { z } from "zod";
import type { FieldErrors } from "@/lib/core/field-errors";

type FieldName = "email" | "firstName" | "lastName";
/** What is wrong with a field, in one sentence. */
export type EntryErrors = { [name in FieldName]?: string | undefined };

/** What is typed of a person, new or known, in its order. The names are somebody else's, which the browser must not fill in. */
export const fields = [
  {
    name: "email",
    label: "E-mail",
    help: "What the person logs in with, and where mails go.",
    type: "email",
    inputMode: "email",
    autoCapitalize: "none",
    spellCheck: false,
    autoComplete: "off",
  },
  { name: "firstName", label: "First name", help: "May stay empty.", autoComplete: "off" },
  { name: "lastName", label: "Last name", help: "May stay empty.", autoComplete: "off" },
] as const;

/** The first error of each field that has one, as the form's own schema finds them. */
export function errorsOf(error: z.ZodError): EntryErrors {
  const first = (name: FieldName) => error.issues.find(({ path }) => path[0] === name)?.message;
  return { email: first("email"), firstName: first("firstName"), lastName: first("lastName") };
}

/** The same of those that the server tells. */
export function toldErrors(told: FieldErrors): EntryErrors {
  return Object.fromEntries(fields.map(({ name }) => [name, told[name]?.[0]]));
}

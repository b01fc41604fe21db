import type { z } from "zod";
import type { NewUserInput } from "@/lib/users/schema";

/** The form as it stands. */
export type Entry = NewUserInput;
export type FieldName = "email" | "firstName" | "lastName";
export type FieldErrors = { [name in FieldName]?: string | undefined };

/** A new person is let into the platform; more than that somebody must choose. */
export const emptyEntry: Entry = {
  email: "",
  firstName: "",
  lastName: "",
  authority: "CUSTOMER_USER",
  sendMail: true,
};

/** What is typed, in its order. The names are somebody else's, which the browser must not fill in. */
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

/** The first error of each field that has one. */
export function errorsOf(error: z.ZodError): FieldErrors {
  const first = (name: FieldName) => error.issues.find(({ path }) => path[0] === name)?.message;
  return { email: first("email"), firstName: first("firstName"), lastName: first("lastName") };
}

import type { z } from "zod";
import type { RestErrorName } from "./rest-errors";

/** Who may make a call: anybody, any user with a token, or a system administrator. */
export type Access = "anyone" | "person" | "administrator";

/** What a successful call answers if not JSON; "nothing" is an empty body, "redirect" a 303. */
export type PlainAnswer = "nothing" | "text" | "redirect";

/** One REST call: its input and its answer. Its route and the OpenAPI document are both made from it. */
export type Contract<
  A extends Access = Access,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType | PlainAnswer = z.ZodType | PlainAnswer,
> = {
  method: "GET" | "POST" | "DELETE";
  /** As OpenAPI writes it: `/api/user/{id}`. */
  path: `/api/${string}`;
  summary: string;
  /** What the call destroys or ends. The API page asks for confirmation before it sends such a call, or any DELETE. */
  warning?: string;
  access: A;
  params?: P;
  query?: Q;
  body?: B;
  answer: R;
  /** The Content-Type of a JSON answer, where ThingsBoard names another one and its clients insist on it. */
  answerType?: "text/plain";
  /** The errors of this call alone, beyond those of its access and its input. */
  errors?: readonly RestErrorName[];
  /** The error for invalid input, if not "bad-request": ThingsBoard's logins do not have that one. */
  invalid?: RestErrorName;
  /** Marks a GET that changes something, and is therefore not served for HEAD. */
  isUnsafe?: boolean;
};

/** Returns the contract with its exact types inferred. */
export function contract<
  A extends Access,
  R extends z.ZodType | PlainAnswer,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Contract<A, P, Q, B, R>): Contract<A, P, Q, B, R> {
  return definition;
}

import type { z } from "zod";
import type { RestErrorName } from "./rest-errors";

/** Who may call: anybody, whoever has a token, or a system administrator. */
export type Access = "anyone" | "person" | "administrator";

/** What a successful call answers, other than JSON. */
export type PlainAnswer = "nothing" | "text" | "redirect";

/** One REST call: what it takes, what it answers. The routes and the OpenAPI document are both made from it. */
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
  /** What is lost or ended by it: a person who tries it out is asked first. Whatever deletes asks in any case. */
  warning?: string;
  access: A;
  params?: P;
  query?: Q;
  body?: B;
  answer: R;
  /** What an answer in JSON is called instead, where ThingsBoard does, and its clients insist on it. */
  answerType?: "text/plain";
  /** The errors that are this call's own, beyond those of its access and its input. */
  errors?: readonly RestErrorName[];
  /** What input that does not fit is answered with; ThingsBoard's logins know no bad request. */
  invalid?: RestErrorName;
  /** A GET that changes something, and so is not made for HEAD. */
  isUnsafe?: boolean;
};

/** Keeps a contract's exact types. */
export function contract<
  A extends Access,
  R extends z.ZodType | PlainAnswer,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Contract<A, P, Q, B, R>): Contract<A, P, Q, B, R> {
  return definition;
}

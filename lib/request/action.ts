import "server-only";
import { headers } from "next/headers";
import { z } from "zod";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { env } from "@/lib/core/env";
import { passesByItself, Refusal, type RefusalCode } from "@/lib/core/errors";
import { fieldErrorsOf, type Invalid } from "@/lib/core/field-errors";
import { log } from "@/lib/core/log";
import { askedPathOf, gateFailureOf, originOf } from "@/lib/core/origin";
import type { Failure } from "@/lib/core/result";
import { currentActor } from "./page";
import { markHandled } from "./progress";
import { recordingForbidden } from "./refused";
import { isSameOrigin } from "./same-origin";
import { changeInTurn } from "./turns";

/** Why an action failed before its verb began, or before the verb completed. */
export type ActionFailure =
  | Invalid
  | Failure<RefusalCode | "unavailable" | "unexpected", { requestId: string }>;

/**
 * Makes a verb callable from the console: the request must come from our own pages, the caller must be a system
 * administrator, and the input must fit its schema. An error is returned to the browser as a code and never thrown,
 * except for Next's own signals.
 * @param name the name of the exported action, for the audit log, because the build shortens function names
 */
export function adminAction<Schema extends z.core.$ZodType, Output>(
  name: string,
  schema: Schema,
  verb: (actor: Actor, input: z.infer<Schema>) => Promise<Output>,
): (input: z.input<Schema>) => Promise<Output | ActionFailure> {
  return async (input) =>
    answered(async () => {
      const actor = requireAdministrator(await currentActor());
      const parsed = z.safeParse(schema, input);
      if (!parsed.success) {
        const fieldErrors = fieldErrorsOf(parsed.error, formField);
        return { ok: false, code: "invalid", fieldErrors } as const;
      }
      return changeInTurn(actor, (present) => verb(present, parsed.data));
    }, name);
}

/**
 * Creates the action of a form that anybody may send. `act` gets the actor, logged in or not, and returns the form's
 * next state; `onFailure` turns a failure into that state.
 */
export function formAction<State>(
  act: (actor: Actor, form: FormData) => Promise<State>,
  onFailure: (failure: ActionFailure, form: FormData) => State,
): (previous: State, form: FormData) => Promise<State> {
  return async (_previous, form) => {
    // A forged request may send anything, whatever the type says.
    if (!(form instanceof FormData))
      return onFailure({ ok: false, code: "invalid", fieldErrors: {} }, new FormData());
    const result = await answered(async () => {
      const actor = await currentActor();
      return { ok: true as const, state: await changeInTurn(actor, (present) => act(present, form)) };
    });
    return result.ok ? result.state : onFailure(result, form);
  };
}

/** Creates the action of a button that sends no input. A failure is thrown, for the page's error boundary to show. */
export function buttonAction(act: (actor: Actor) => Promise<void>): () => Promise<void> {
  return async () => {
    const failure = await answered(async () => act(await currentActor()).then(() => null));
    if (failure) throw new Error(failure.code);
  };
}

/** Returns a text field of a form; empty if it is missing or not text. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

async function answered<Output>(work: () => Promise<Output>, name?: string): Promise<Output | ActionFailure> {
  const requestHeaders = await headers();
  const { requestId } = originOf(requestHeaders);
  const asked = `POST ${askedPathOf(requestHeaders)}${name ? ` (${name})` : ""}`;
  markHandled();
  // Nothing has begun, and another query to the database would only take as long again.
  const gateFailure = gateFailureOf(requestHeaders);
  if (gateFailure) return { ok: false, code: gateFailure, requestId };
  try {
    if (!isSameOrigin(requestHeaders, env().BASE_URL)) throw new Refusal("cross-origin");
    return await recordingForbidden(asked, currentActor, work);
  } catch (error) {
    if (isNextSignal(error)) throw error;
    if (error instanceof Refusal) return { ok: false, code: error.code, requestId };
    const code = passesByItself(error) ? "unavailable" : "unexpected";
    log().error({ event: "action-failed", requestId, code, err: error });
    return { ok: false, code, requestId };
  }
}

/** Whether an error is a redirect or another signal that Next throws and must catch itself. */
function isNextSignal(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "digest" in error &&
    String(error.digest).startsWith("NEXT_")
  );
}

/** Names a field as the form knows it: a field inside `values` is named without that prefix. */
function formField(path: readonly PropertyKey[]): string {
  return (path[0] === "values" ? path.slice(1) : path).join(".");
}

"use client";

import { useActionState } from "react";
import { type Unanswered, unanswered } from "./unanswered";

const words: Record<Unanswered["code"], (next: string) => string> = {
  unreachable: (next) => `Gatehouse did not answer, so this may or may not have worked. ${next}`,
  outdated: () =>
    "Gatehouse was updated while this page was open. Nothing was done: reload the page and try again.",
};

/** How the names of the fields begin with which React's HTML names the action. */
const REACT_FIELDS = "$ACTION_";

/**
 * `useActionState` for a form that survives a lost connection: React alone would replace what was typed with the error
 * page.
 * @param onUnanswered returns the form's next state when no answer came; it gets the message to show
 * @param next what to do when it may have worked
 */
export function useFormAction<State>(
  action: (previous: Awaited<State>, form: FormData) => Promise<State>,
  start: Awaited<State>,
  onUnanswered: (message: string, previous: Awaited<State>, form: FormData) => State,
  next = "Check your connection and try again.",
) {
  async function send(previous: Awaited<State>, form: FormData): Promise<State> {
    // Only a browser without scripts needs them. Firewalls take the colon in their names for an attack.
    for (const name of [...form.keys()]) if (name.startsWith(REACT_FIELDS)) form.delete(name);
    try {
      return await action(previous, form);
    } catch (error) {
      // An error with a digest is an answer: a redirect, or a failure that the server has logged.
      if (error instanceof Error && "digest" in error) throw error;
      return onUnanswered(words[unanswered(error).code](next), previous, form);
    }
  }
  // The HTML names the server action itself, so that the form works without scripts too.
  return useActionState(typeof window === "undefined" ? action : send, start);
}

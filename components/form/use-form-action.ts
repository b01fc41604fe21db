"use client";

import { useActionState } from "react";
import { type Unanswered, unanswered } from "./unanswered";

const words: Record<Unanswered["code"], string> = {
  unreachable:
    "Gatehouse did not answer, so this may or may not have worked. Check your connection and try again.",
  outdated:
    "Gatehouse was updated while this page was open. Nothing was done: reload the page and try again.",
};

/**
 * `useActionState` for a form that outlives a lost connection: without it, React would put the error page in the place of
 * what was typed.
 * @param onUnanswered the form's next state where no answer came, of which it is given the words
 */
export function useFormAction<State>(
  action: (previous: Awaited<State>, form: FormData) => Promise<State>,
  start: Awaited<State>,
  onUnanswered: (message: string, previous: Awaited<State>, form: FormData) => State,
) {
  async function send(previous: Awaited<State>, form: FormData): Promise<State> {
    try {
      return await action(previous, form);
    } catch (error) {
      // What has a digest is an answer: a redirect, or a failure that the server's log knows.
      if (error instanceof Error && "digest" in error) throw error;
      return onUnanswered(words[unanswered(error).code], previous, form);
    }
  }
  // The page as it is sent names the server's own action, so that the form works without scripts too.
  return useActionState(typeof window === "undefined" ? action : send, start);
}

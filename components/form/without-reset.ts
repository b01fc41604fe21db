import { type SubmitEvent, startTransition } from "react";

/**
 * For the `onSubmit` of a form with an action: sends the form in React's place, which resets it after every answer, and
 * so loses what was typed in the meantime. Without scripts the browser sends it.
 */
export function withoutReset(action: (form: FormData) => void) {
  return (event: SubmitEvent<HTMLFormElement>) => {
    if (event.defaultPrevented) return; // A field has refused what was entered.
    event.preventDefault();
    const entries = new FormData(event.currentTarget);
    startTransition(() => action(entries));
  };
}

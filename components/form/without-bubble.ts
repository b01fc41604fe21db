import type { InvalidEvent } from "react";

/**
 * For the `onInvalid` of an input whose error the page shows in its own words: suppresses the browser's bubble, which
 * covers what is below the input. Like the browser, focuses the form's first invalid input. Without scripts the bubble
 * stays.
 */
export function withoutBubble(event: InvalidEvent<HTMLInputElement | HTMLTextAreaElement>): void {
  event.preventDefault();
  const input = event.currentTarget;
  if (input.form?.querySelector(":is(input, textarea):invalid") === input) input.focus();
}

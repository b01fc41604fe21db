import type { Outcome } from "./trial";

/** Describes the outcome of a trial call in one line. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "unreachable":
      return "No response: the server could not be reached, or the connection broke before it arrived.";
    case "silent":
      return `No response within ${outcome.seconds} seconds.`;
    case "redirect":
      return `A redirect (303), after ${outcome.ms} ms. The browser hides its target from this page; curl -i shows it.`;
    case "answer":
      return `${[outcome.status, outcome.statusText].filter(Boolean).join(" ")}, after ${outcome.ms} ms`;
  }
}

/** Tells whether a trial call succeeded. */
export const isSuccess = (outcome: Outcome) =>
  outcome.kind === "redirect" || (outcome.kind === "answer" && outcome.status < 400);

/** Says why a login gave no token; uses the server's own message if there is one. */
export function refusalWords(outcome: Outcome): string {
  if (isSuccess(outcome)) return `The response contains no token: ${outcomeWords(outcome)}`;
  if (outcome.kind !== "answer" || !outcome.isJson) return outcomeWords(outcome);
  const { message }: { message?: unknown } = Object(JSON.parse(outcome.text));
  return typeof message === "string" ? `${message} (${outcome.status})` : outcomeWords(outcome);
}

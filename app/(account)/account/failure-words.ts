import type { ActionFailure } from "@/lib/request/action";

/** What kept a form of the account pages from its verb, in words. */
export function failureWords(failure: ActionFailure): string {
  switch (failure.code) {
    case "unauthenticated":
      return "Your session has ended. Log in again to go on.";
    case "overloaded":
    case "unavailable":
      return "Gatehouse is busy. Wait a few seconds and try again.";
    default: {
      const reference = "requestId" in failure && failure.requestId ? ` (request ${failure.requestId})` : "";
      return `That did not work. Try again${reference}.`;
    }
  }
}

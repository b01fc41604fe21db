import type { SaveFailure } from "./save-answer";

type FailureWords = { title: string; text: string; offersLogin?: boolean };

/** The text for each failure that is not caused by the entered values. The form keeps what was typed in every case. */
const words: Record<SaveFailure["code"], FailureWords> = {
  unauthenticated: {
    title: "Your session has ended",
    text: "Nothing was saved, and what you entered is still here. Log in again, come back to this tab and save.",
    offersLogin: true,
  },
  "perhaps-signed-out": {
    title: "Your session has ended",
    text: "Your changes may have been saved, and everyone signed out. What you entered is still here: log in again, come back to this tab and save. That is safe even if it was saved already.",
    offersLogin: true,
  },
  forbidden: {
    title: "You can no longer change these settings",
    text: "Only a system administrator can. Nothing was saved, and what you entered is still here.",
  },
  "cross-origin": {
    title: "This page was not opened at Gatehouse’s own address",
    text: "Nothing was saved. Open Gatehouse at its own address to change its settings.",
  },
  overloaded: {
    title: "Gatehouse is busy",
    text: "Nothing was saved, and what you entered is still here. Wait a few seconds and save again.",
  },
  unavailable: {
    title: "The database cannot be reached",
    text: "Your changes may not have been saved. They are still here, and saving them again is safe.",
  },
  unexpected: {
    title: "Something failed on the server",
    text: "Your changes may not have been saved. They are still here, and saving them again is safe.",
  },
  unreachable: {
    title: "Gatehouse cannot be reached",
    text: "Your changes may not have been saved. They are still here; save again once the connection is back.",
  },
  outdated: {
    title: "Gatehouse was updated while this page was open",
    text: "Nothing was saved. Note what you entered, then reload the page and enter it again.",
  },
};

/** Returns the text for a failure, with the request id to look up in the server's log. */
export function failureWords(failure: SaveFailure): FailureWords & { requestId: string | null } {
  return {
    ...words[failure.code],
    requestId: "requestId" in failure && failure.requestId ? failure.requestId : null,
  };
}

/** Tells whether what was sent may have been done all the same: the server failed at it, or its answer was lost. */
export function mayBeDone({ code }: { code: string }): boolean {
  return code === "unavailable" || code === "unexpected" || code === "unreachable";
}

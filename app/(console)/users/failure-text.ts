import { mayBeDone } from "@/components/form/failure-words";
import type { Unanswered } from "@/components/form/unanswered";
import type { Failure } from "@/lib/core/result";
import type { ActionFailure } from "@/lib/request/action";
import type { AdministerResult } from "@/lib/users/service/administer-user";
import type { EditUserResult } from "@/lib/users/service/edit-user";
import type { MailOnly } from "@/lib/users/service/issue-link";

/** Why a change of an account failed, or may have failed. */
export type AccountFailure =
  | Exclude<AdministerResult | EditUserResult, { ok: true }>
  | Failure<"ended-already">
  | MailOnly
  | ActionFailure
  | Unanswered;

type FailureText = { title: string; text: string };

const words: Record<AccountFailure["code"], FailureText> = {
  "out-of-date": {
    // Possibly by the same change: its answer was lost, and the browser or the administrator has sent it again.
    title: "This account has changed in the meantime",
    text: "Nothing was changed now. The page shows its current state.",
  },
  "ended-already": {
    title: "That session had already ended",
    text: "Nothing was changed now. The page shows the sessions that are live.",
  },
  "mail-only": {
    title: "A mail server has just been set up",
    text: "No link was created. The page now offers to send one by mail.",
  },
  oneself: {
    title: "This is your own account",
    text: "Nothing was changed. Another administrator can do this.",
  },
  "last-administrator": {
    title: "This is the last active system administrator",
    text: "Nothing was changed. Make somebody else a system administrator first.",
  },
  invalid: {
    title: "The request is invalid",
    text: "Nothing was changed. Reload the page and try again.",
  },
  unauthenticated: {
    // Possibly by the same change, if it ends one's own sessions.
    title: "Your session has ended",
    text: "Nothing was changed now. Log in again and come back to this page.",
  },
  forbidden: {
    title: "You can no longer manage accounts",
    text: "Nothing was changed. Only a system administrator can do this.",
  },
  "cross-origin": {
    title: "This page was not opened at Gatehouse’s own address",
    text: "Nothing was changed. Open Gatehouse at its own address.",
  },
  overloaded: { title: "Gatehouse is busy", text: "Nothing was changed. Wait a few seconds and try again." },
  unavailable: {
    title: "The database cannot be reached",
    text: "The change may or may not have been made. Reload the page to see.",
  },
  unexpected: {
    title: "Something failed on the server",
    text: "The change may or may not have been made. Reload the page to see.",
  },
  unreachable: {
    title: "Gatehouse cannot be reached",
    text: "The change may or may not have been made. Reload the page once the connection is back.",
  },
  outdated: {
    title: "Gatehouse was updated while this page was open",
    text: "Nothing was changed. Reload the page and try again.",
  },
};

const retry =
  "This may or may not have worked. What you entered is still here, and sending it again is safe.";

/** The texts for a form that keeps what was entered, which a reload would lose. */
const keptTexts: { [Code in AccountFailure["code"]]?: string } = {
  unauthenticated:
    "Nothing was changed, and what you entered is still here. Log in again in another tab, then send it from this one.",
  unavailable: retry,
  unexpected: retry,
  unreachable:
    "This may or may not have worked. What you entered is still here: send it again once the connection is back.",
  outdated: "Nothing was changed. Note what you entered, then reload the page and enter it again.",
};

/**
 * Returns the text for a failure, with the request id to look up in the server's log.
 *
 * @param keepsEntry whether it is shown in a form, which still has what was entered
 * @param onlyAsked whether the action that failed only answers a question, and so has changed nothing in any case
 */
export function failureText(
  failure: AccountFailure,
  { keepsEntry = false, onlyAsked = false } = {},
): FailureText {
  const { title, text } = words[failure.code];
  const number = "requestId" in failure && failure.requestId ? ` Request ${failure.requestId}.` : "";
  if (onlyAsked && mayBeDone(failure)) return { title, text: `Nothing was changed. Try again.${number}` };
  const shown = (keepsEntry && keptTexts[failure.code]) || text;
  return { title, text: `${shown}${number}` };
}

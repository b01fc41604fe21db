import { fromTable, ordinal } from "@/app/(console)/audit/audit-facts";
import { wayIn } from "@/app/(console)/audit/login-words";
import type { LoginFailure } from "@/lib/audit/events";
import type { AuditEntry } from "@/lib/audit/schema";
import type { LoginAttempt } from "@/lib/users/service/describe-user";

/** The parts of an event that an attempt's text needs. */
export type AttemptFacts = Pick<AuditEntry, "kind" | "details">;

type AttemptWords = { outcome: "in" | "refused"; text: string };

/** All reasons except the wrong password, which has its own text, and those that concern no account. */
const reasons: Record<
  Exclude<LoginFailure, "wrong-password" | "unknown-account" | "throttled" | "secret-unknown">,
  string
> = {
  "not-activated": "Refused: the account was not activated yet",
  disabled: "Refused: the account was disabled",
  locked: "Refused: the account was locked",
  "changed-meanwhile": "Right password, but the account changed during the check",
  "account-throttled": "Refused: too many attempts on the account in a minute",
  "password-expired": "Right password, but expired: a new one was required",
  "secret-used": "Refused: the mobile app’s code had already been used",
  "secret-expired": "Refused: the mobile app’s code had expired",
  "session-ended": "Refused: the session that created the mobile app’s code had ended",
  "password-changed": "Refused: the mobile app’s code was older than the password",
};

/** Describes the outcome of a login attempt, with the reason that the person was not told. */
export function attemptWords({ kind, details }: AttemptFacts): AttemptWords {
  const { how, reason, failedAttempts } = details;
  if (kind === "login-succeeded") {
    return { outcome: "in", text: `Logged in${wayIn(details)}` };
  }
  const asked = how === "confirmation" ? " when asked to confirm it" : "";
  if (kind === "password-reset-forced") {
    const what = reason === "recently-mailed" ? "had just been queued" : "was queued";
    return {
      outcome: "refused",
      text: `Right password, but it does not meet the policy: a mail with a reset link ${what}`,
    };
  }
  if (reason === "wrong-password") {
    const isInRow = typeof failedAttempts === "number" && failedAttempts > 1;
    const row = isInRow ? `, the ${ordinal(failedAttempts)} in a row` : "";
    return { outcome: "refused", text: `Wrong password${asked}${row}` };
  }
  if (how === "MOBILE" && reason === "password-expired")
    return {
      outcome: "refused",
      text: "Refused: the mobile app’s code was right, but the password had expired",
    };
  return { outcome: "refused", text: fromTable(reasons, reason) ?? "Refused" };
}

type Ending = NonNullable<LoginAttempt["ending"]>;

const endings: Record<Ending["reason"], string> = {
  "logged-out": "Logged out",
  "ended-by-owner": "Ended by the person, from another session",
  "signed-out-by-administrator": "Ended by an administrator",
  "password-changed": "Ended by a password change",
  "key-changed": "Ended when everyone was signed out",
  "key-retired": "Ended when its signing key was retired",
  "refresh-token-reused": "Ended: a spent refresh token was used again",
  "another-login": "Ended by another login with the same browser",
  "not-renewed": "Expired",
};

/** Says how the session of a login ended; the time follows it. */
export function endingWords({ reason }: Pick<Ending, "reason">): string {
  return fromTable(endings, reason) ?? "Ended";
}

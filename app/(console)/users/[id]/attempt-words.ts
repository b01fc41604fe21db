import { ordinal } from "@/app/(console)/audit/audit-words";
import type { AuditEntry } from "@/lib/audit/schema";

/** As much of an event as the words of an attempt need. */
export type AttemptStory = Pick<AuditEntry, "kind" | "details">;

export type AttemptWords = { outcome: "in" | "refused"; text: string };

const ways: Record<string, string> = { REST: " over the API", MOBILE: " with the mobile app" };

const reasons: Record<string, string> = {
  "not-activated": "Refused: the account was not activated yet",
  disabled: "Refused: the account was disabled",
  locked: "Refused: the account was locked",
  "changed-meanwhile": "Right password, but the account was changed while it was compared",
  "account-throttled": "Refused: more attempts on the account in a minute than anybody needs",
  "password-expired": "Right password, but expired: a new one was asked for",
  "secret-used": "Refused: the mobile app’s code was used before",
  "secret-expired": "Refused: the mobile app’s code had expired",
  "session-ended": "Refused: the session that made the mobile app’s code had ended",
  "password-changed": "Refused: the mobile app’s code was older than the password",
};

/** What came of an attempt to log in, with the reason that the person was not told. */
export function attemptWords({ kind, details }: AttemptStory): AttemptWords {
  const { how, reason, failedAttempts } = details;
  if (kind === "login-succeeded") {
    const way = typeof how === "string" && Object.hasOwn(ways, how) ? ways[how] : "";
    return { outcome: "in", text: `Logged in${way}` };
  }
  const asked = how === "confirmation" ? " when asked to confirm it" : "";
  if (kind === "password-reset-forced") {
    const what =
      reason === "recently-mailed" ? "the last reset link had just been mailed" : "a reset link was mailed";
    return { outcome: "refused", text: `Right password, but against the policy: ${what}` };
  }
  if (reason === "wrong-password") {
    const row = typeof failedAttempts === "number" ? `, the ${ordinal(failedAttempts)} in a row` : "";
    return { outcome: "refused", text: `Wrong password${asked}${row}` };
  }
  if (how === "MOBILE" && reason === "password-expired")
    return {
      outcome: "refused",
      text: "Refused: the mobile app’s code was right, but the password had expired",
    };
  const known = typeof reason === "string" && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  return { outcome: "refused", text: known ?? "Refused" };
}

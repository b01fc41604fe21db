import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { LoginFailure, TriedFor, Unlocking } from "@/lib/audit/events";
import type { AuditDetails } from "@/lib/audit/schema";
import { countedInARow } from "@/lib/core/count/rules";
import {
  type AuditFacts,
  actorOf,
  auditActor,
  countOf,
  fromTable,
  ordinal,
  subjectAtStart,
  subjectOf,
  textOf,
} from "./audit-facts";
import { type Part, say } from "./audit-parts";

const ways: Partial<Record<TriedFor, string>> = { REST: " over the API", MOBILE: " with the mobile app" };

/** Says how somebody logged in, if not in a browser. */
export const wayIn = ({ how }: AuditDetails) => fromTable(ways, how) ?? "";

/** Says who logged in. */
export function loginSucceeded(facts: AuditFacts): Part[] {
  return say`${subjectAtStart(facts)} logged in${wayIn(facts.details)}`;
}

// A logged-in person is asked for the password again before a sensitive action.
const isConfirmation = ({ details }: AuditFacts) => details.how === "confirmation";
const refused = (facts: AuditFacts) => (isConfirmation(facts) ? "Confirmation refused" : "Login refused");

const loginFailures: Record<LoginFailure, (facts: AuditFacts) => Part[]> = {
  "wrong-password": (facts) => {
    const failed = countOf(facts.details, "failedAttempts");
    const row = failed && failed > 1 ? ` (${ordinal(failed)} in a row)` : "";
    if (!isConfirmation(facts)) return say`Wrong password for ${subjectOf(facts)}${row}`;
    return say`${subjectAtStart(facts)} entered a wrong password when asked to confirm it${row}`;
  },
  "unknown-account": (facts) =>
    facts.subjectEmail === ""
      ? say`Login refused: the text entered is not an e-mail address`
      : say`Login refused: unknown address ${subjectOf(facts)}`,
  "not-activated": (facts) => say`${refused(facts)}: ${subjectOf(facts)} is not activated yet`,
  disabled: (facts) => say`${refused(facts)}: ${subjectOf(facts)} is disabled`,
  locked: (facts) => say`${refused(facts)}: ${subjectOf(facts)} is locked`,
  "changed-meanwhile": (facts) =>
    say`${refused(facts)}: the password was right, but the account ${subjectOf(facts)} changed during the check`,
  throttled: (facts) =>
    say`Logins from ${escapeInvisible(facts.address) || "one address"} refused: too many in a minute`,
  "account-throttled": (facts) => say`Logins to ${subjectOf(facts)} refused: too many in a minute`,
  "password-expired": (facts) => say`Login refused: the password of ${subjectOf(facts)} has expired`,
  "secret-unknown": () => say`Login with the mobile app refused: the code is unknown or was replaced`,
  "secret-used": (facts) =>
    say`Login with the mobile app refused: the code of ${subjectOf(facts)} had already been used`,
  "secret-expired": (facts) =>
    say`Login with the mobile app refused: the code of ${subjectOf(facts)} had expired`,
  "session-ended": (facts) =>
    say`Login with the mobile app refused: the session that created the code of ${subjectOf(facts)} had ended`,
  "password-changed": (facts) =>
    say`Login with the mobile app refused: the code of ${subjectOf(facts)} was older than the password`,
};

/** Says why a login or a confirmation was refused. */
export function loginFailed(facts: AuditFacts): Part[] {
  const words = fromTable(loginFailures, facts.details.reason);
  if (words) return words(facts);
  return facts.subjectEmail === "" ? say`A login failed` : say`A login as ${subjectOf(facts)} failed`;
}

/** Says who was locked, until when, and after what. */
export function accountLocked(facts: AuditFacts): Part[] {
  const { details } = facts;
  const failed = countOf(details, "failedAttempts");
  const after = failed ? ` after ${countedInARow(failed, "wrong password")}` : "";
  const until = textOf(details, "until");
  if (until !== null && !Number.isNaN(Date.parse(until)))
    return say`${subjectAtStart(facts)} was locked until ${{ instant: until }}${after}`;
  if (details.until === null)
    return say`${subjectAtStart(facts)} was locked${after} until somebody unlocks it`;
  return say`${subjectAtStart(facts)} was locked${after}`;
}

const unlockings: Record<Exclude<Unlocking, "administrator">, string> = {
  time: ": the lock expired",
  owner: " by its owner",
  reset: " by a password reset",
  change: " by a password change",
};

/** Says who was unlocked, and by whom or what. */
export function accountUnlocked(facts: AuditFacts): Part[] {
  const how = fromTable(unlockings, facts.details.by);
  if (how !== undefined) return say`${subjectAtStart(facts)} was unlocked${how}`;
  if (auditActor(facts) === "anonymous") return say`${subjectAtStart(facts)} was unlocked`;
  return say`${actorOf(facts)} unlocked ${subjectOf(facts)}`;
}

import { literalText } from "@/components/ui/literal-text";
import type { LoginFailure, Unlocking } from "@/lib/audit/events";
import type { AuditDetails } from "@/lib/audit/schema";
import { countedInARow } from "@/lib/core/count/rules";
import { type Part, say } from "./audit-parts";
import {
  type AuditStory,
  actorOf,
  auditActor,
  countOf,
  fromTable,
  ordinal,
  SubjectOf,
  subjectOf,
  textOf,
} from "./audit-story";

const ways: Record<string, string> = { REST: " over the API", MOBILE: " with the mobile app" };

/** Says how somebody logged in, if not in a browser. */
export const wayIn = ({ how }: AuditDetails) => fromTable(ways, how) ?? "";

export function loginSucceeded(story: AuditStory): Part[] {
  return say`${SubjectOf(story)} logged in${wayIn(story.details)}`;
}

// A logged-in person is asked for the password again before a sensitive action.
const isConfirmation = ({ details }: AuditStory) => details.how === "confirmation";
const refused = (story: AuditStory) => (isConfirmation(story) ? "Confirmation refused" : "Login refused");

const loginFailures: Record<LoginFailure, (story: AuditStory) => Part[]> = {
  "wrong-password": (story) => {
    const failed = countOf(story.details, "failedAttempts");
    const row = failed ? ` (${ordinal(failed)} in a row)` : "";
    if (!isConfirmation(story)) return say`Wrong password for ${subjectOf(story)}${row}`;
    return say`${SubjectOf(story)} gave a wrong password when asked to confirm it${row}`;
  },
  "unknown-account": (story) =>
    story.subjectEmail === ""
      ? say`Login refused: what was entered is no e-mail address`
      : say`Login refused: unknown address ${subjectOf(story)}`,
  "not-activated": (story) => say`${refused(story)}: ${subjectOf(story)} is not activated yet`,
  disabled: (story) => say`${refused(story)}: ${subjectOf(story)} is disabled`,
  locked: (story) => say`${refused(story)}: ${subjectOf(story)} is locked`,
  "changed-meanwhile": (story) =>
    say`${refused(story)}: the password was right, but ${subjectOf(story)} was changed while it was compared`,
  throttled: (story) =>
    say`Logins from ${literalText(story.address) || "one address"} refused: too many in a minute`,
  "account-throttled": (story) => say`Logins to ${subjectOf(story)} refused: too many in a minute`,
  "password-expired": (story) => say`Login refused: the password of ${subjectOf(story)} has expired`,
  "secret-unknown": () => say`Login with the mobile app refused: the code is unknown, or was replaced`,
  "secret-used": (story) =>
    say`Login with the mobile app refused: the code of ${subjectOf(story)} was used before`,
  "secret-expired": (story) =>
    say`Login with the mobile app refused: the code of ${subjectOf(story)} had expired`,
  "session-ended": (story) =>
    say`Login with the mobile app refused: the session that made the code of ${subjectOf(story)} had ended`,
  "password-changed": (story) =>
    say`Login with the mobile app refused: the code of ${subjectOf(story)} was older than the password`,
};

export function loginFailed(story: AuditStory): Part[] {
  const words = fromTable(loginFailures, story.details.reason);
  if (words) return words(story);
  return story.subjectEmail === "" ? say`A login failed` : say`A login of ${subjectOf(story)} failed`;
}

export function accountLocked(story: AuditStory): Part[] {
  const { details } = story;
  const failed = countOf(details, "failedAttempts");
  const after = failed ? ` after ${countedInARow(failed, "wrong password")}` : "";
  const until = textOf(details, "until");
  if (until !== null && !Number.isNaN(Date.parse(until)))
    return say`${SubjectOf(story)} locked until ${{ instant: until }}${after}`;
  if (details.until === null) return say`${SubjectOf(story)} locked until somebody unlocks it${after}`;
  return say`${SubjectOf(story)} locked${after}`;
}

const unlockings: Record<Exclude<Unlocking, "administrator">, string> = {
  time: ": the time of the lock is over",
  owner: " by its owner",
  reset: " by a password reset",
  change: " by a change of the password",
};

export function accountUnlocked(story: AuditStory): Part[] {
  const how = fromTable(unlockings, story.details.by);
  if (how !== undefined) return say`${SubjectOf(story)} unlocked${how}`;
  if (auditActor(story) === "anonymous") return say`${SubjectOf(story)} unlocked`;
  return say`${actorOf(story)} unlocked ${subjectOf(story)}`;
}

import { mailKindLabel } from "@/app/(console)/mail/mail-kinds";
import { literalText } from "@/components/ui/literal-text";
import type { LinkRefusal, ResetRefusal, SessionsEnding } from "@/lib/audit/events";
import type { AuditKind } from "@/lib/audit/schema";
import { counted } from "@/lib/core/count/rules";
import type { Authority } from "@/prisma/generated/enums";
import { type Part, say } from "./audit-parts";
import {
  type AuditStory,
  actorOf,
  auditActor,
  countOf,
  fromTable,
  SubjectOf,
  subjectOf,
  textOf,
} from "./audit-story";
import { accountLocked, accountUnlocked, loginFailed, loginSucceeded } from "./login-words";
import { profileChanged } from "./profile-words";
import { panelName, type SettingChange, settingChanges } from "./setting-words";

/** An event in words: a sentence and, for a change of settings, the changes. */
export type AuditWords = { sentence: Part[]; changes: SettingChange[] };

/** Describes an event in words. A detail that is missing or unknown is left out of the sentence. */
export function auditWords(story: AuditStory): AuditWords {
  const sentence = Object.hasOwn(sentences, story.kind) ? sentences[story.kind](story) : unknownKind(story);
  return { sentence, changes: story.kind === "settings-changed" ? settingChanges(story.details) : [] };
}

const sentences: Record<AuditKind, (story: AuditStory) => Part[]> = {
  "login-succeeded": loginSucceeded,
  "login-failed": loginFailed,
  "account-locked": accountLocked,
  "account-unlocked": accountUnlocked,
  "logged-out": (story) => say`${actorOf(story)} logged out`,
  "sessions-ended": sessionsEnded,
  "access-refused": accessRefused,
  "account-created": accountCreated,
  "account-activated": (story) => say`${SubjectOf(story)} activated the account and chose a password`,
  "account-disabled": (story) => say`${actorOf(story)} disabled ${subjectOf(story)}${andEnded(story)}`,
  "account-enabled": (story) => say`${actorOf(story)} enabled ${subjectOf(story)}`,
  "account-deleted": (story) =>
    say`${actorOf(story)} deleted the account ${subjectOf(story)}${andEnded(story)}`,
  "authority-changed": authorityChanged,
  "link-issued": linkIssued,
  "link-refused": linkRefused,
  "password-changed": passwordChanged,
  "password-reset-forced": (story) =>
    say`${SubjectOf(story)} was asked to reset a password that does not meet the password policy`,
  "password-reset-requested": passwordResetRequested,
  "profile-changed": (story) => profileChanged(story, actorOf(story)),
  "settings-changed": settingsChanged,
  "signing-key-shown": (story) => say`${actorOf(story)} had the signing key shown${whichKey(story)}`,
  "signing-key-retired": signingKeyRetired,
  "secret-key-rotated": (story) => say`${actorOf(story)} sealed all stored secrets with another SECRET_KEY`,
  "test-mail-sent": (story) => say`${actorOf(story)} sent a test mail to ${subjectOf(story)}`,
  "mail-resent": mailResent,
};

/** Names the number of sessions that ended with the event, if there were any. */
function andEnded({ details }: AuditStory): string {
  const sessions = countOf(details, "sessions") ?? 0;
  return sessions === 0 ? "" : `; ${counted(sessions, "session")} ended`;
}

type Ended = { story: AuditStory; sessions: string; people: string };

const sessionsEndings: Record<Exclude<SessionsEnding, "administrator">, (ended: Ended) => Part[]> = {
  "key-retired": ({ story, sessions, people }) =>
    say`${actorOf(story)} ended ${sessions || "sessions"}${people}: their key was retired`,
  "key-changed": ({ story, sessions, people }) =>
    say`${actorOf(story)} signed everyone out${sessions && `: ${sessions}${people} ended`}`,
  everyone: ({ story, sessions, people }) => {
    const spared = story.details.includesOwn === true ? "" : " but the one in use";
    return say`${actorOf(story)} ended everybody’s sessions${spared}${sessions && `: ${sessions}${people}`}`;
  },
  "another-login": ({ story }) =>
    say`A session of ${subjectOf(story)} ended: somebody logged in at the same browser`,
  "refresh-token-reused": ({ story }) =>
    say`A session of ${subjectOf(story)} ended: a refresh token that was used up was used again`,
};

function sessionsEnded(story: AuditStory): Part[] {
  const { details, actorEmail, subjectEmail } = story;
  const count = countOf(details, "sessions");
  const sessions = count === null ? "" : counted(count, "session");
  const reach = countOf(details, "people");
  const people = reach === null ? "" : ` of ${counted(reach, "person", "people")}`;
  const words = fromTable(sessionsEndings, details.reason);
  if (words) return words({ story, sessions, people });
  const whose = subjectEmail === "" || subjectEmail === actorEmail ? "" : say` of ${subjectOf(story)}`;
  return say`${actorOf(story)} ended ${sessions || "sessions"}${whose}`;
}

function accessRefused(story: AuditStory): Part[] {
  const asked = textOf(story.details, "asked");
  const what = asked === null ? "" : `: ${literalText(asked)}`;
  return say`${SubjectOf(story)} was refused what is for system administrators${what}`;
}

const authorities: Record<Authority, string> = {
  SYS_ADMIN: "a system administrator",
  TENANT_ADMIN: "a tenant administrator",
  CUSTOMER_USER: "a customer user",
};

function accountCreated(story: AuditStory): Part[] {
  const authority = fromTable(authorities, story.details.authority);
  return say`${actorOf(story)} created the account ${subjectOf(story)}${authority ? `, ${authority}` : ""}`;
}

function authorityChanged(story: AuditStory): Part[] {
  const [from, to] = ["from", "to"].map((key) => fromTable(authorities, story.details[key]));
  const change = from && to ? ` ${to}; before, ${from}` : " something else";
  return say`${actorOf(story)} made ${subjectOf(story)}${change}`;
}

const linkNames: Record<string, string> = {
  ACTIVATION: "an activation link",
  PASSWORD_RESET: "a reset link",
  PASSWORD_EXPIRED: "a link to replace the expired password",
  UNLOCK: "an unlock link",
};

function linkIssued(story: AuditStory): Part[] {
  if (story.details.purpose === "MOBILE") return say`${actorOf(story)} made a code for the mobile app`;
  const link = fromTable(linkNames, story.details.purpose) ?? "a link";
  // Whoever saw the link could have used it.
  const shown = story.details.shown === true ? ", and was shown it too" : "";
  if (story.details.delivery === "mail")
    return say`${actorOf(story)} sent ${subjectOf(story)} ${link}${shown}`;
  // The command line on the host prints the link.
  const verb = auditActor(story) === "server" ? "printed" : "copied";
  return say`${actorOf(story)} ${verb} ${link} of ${subjectOf(story)}`;
}

const linkRefusals: Record<LinkRefusal, string> = {
  used: ": it had been used before",
  superseded: ": it had been replaced or taken back",
  expired: ": it had expired",
  "account-changed": ": the account had changed since",
};

function linkRefused(story: AuditStory): Part[] {
  const link = fromTable(linkNames, story.details.purpose) ?? "a link";
  const why = fromTable(linkRefusals, story.details.reason) ?? ", which was refused";
  return say`${actorOf(story)} tried ${link} of ${subjectOf(story)}${why}`;
}

const occasions: Record<string, string> = {
  PASSWORD_RESET: " through a reset link",
  PASSWORD_EXPIRED: " in place of an expired one",
};

function passwordChanged(story: AuditStory): Part[] {
  const { actorEmail, subjectEmail, details } = story;
  if (actorEmail !== "" && actorEmail !== subjectEmail)
    return say`${actorOf(story)} changed the password of ${subjectOf(story)}${andEnded(story)}`;
  return say`${SubjectOf(story)} chose a new password${fromTable(occasions, details.how) ?? ""}${andEnded(story)}`;
}

function passwordResetRequested(story: AuditStory): Part[] {
  const { details } = story;
  const requests = countOf(details, "requests") ?? 1;
  const times = requests > 1 ? ` ${requests.toLocaleString("en-US")} times` : "";
  if (details.reason === "throttled")
    return say`Requests for reset links from ${literalText(story.address) || "one address"} ignored: too many in a minute`;
  if (details.reason === "no-address")
    return say`A reset link was asked for${times}: what was entered is no e-mail address`;
  const asked = say`Somebody forgot the password of ${subjectOf(story)}${times && `, asked${times}`}`;
  if (details.sent === "activation") return say`${asked}: an activation link was mailed`;
  if (details.sent === "password-reset") return say`${asked}: a reset link was mailed`;
  const why = fromTable(unsent, details.reason);
  return why === undefined ? asked : say`${asked}: nothing was mailed, ${why}`;
}

const unsent: Record<Exclude<ResetRefusal, "no-address">, string> = {
  "unknown-account": "there is no such account",
  disabled: "the account is disabled",
  "recently-mailed": "the last link had just been",
};

function settingsChanged(story: AuditStory): Part[] {
  const { details } = story;
  const { sessions, rolledBack } = typeof details.changes === "object" ? (details.changes ?? {}) : {};
  if (rolledBack === true)
    return say`${actorOf(story)} put an earlier signing key back in force; everyone stays logged in`;
  const panel = panelName(details) ?? "the security settings";
  const outcome = fromTable(outcomes, sessions) ?? "";
  if (settingChanges(details).length === 0 && outcome === "")
    return say`${actorOf(story)} saved ${panel} without a change`;
  return say`${actorOf(story)} changed ${panel}${outcome}`;
}

const outcomes: Record<string, string> = {
  kept: "; everyone stays logged in",
  ended: "; everyone was signed out",
};

function mailResent(story: AuditStory): Part[] {
  const kind = mailKindLabel(textOf(story.details, "mail") ?? "");
  return say`${actorOf(story)} had a mail to ${subjectOf(story)} sent again${kind && ` (${kind})`}`;
}

function whichKey({ details }: AuditStory): string {
  const fingerprint = textOf(details, "fingerprint");
  return fingerprint ? ` (fingerprint ${literalText(fingerprint)})` : "";
}

function signingKeyRetired(story: AuditStory): Part[] {
  const sessions = countOf(story.details, "sessions");
  const reach =
    sessions === null ? "" : `: ${sessions === 0 ? "no sessions" : counted(sessions, "session")} ended`;
  return say`${actorOf(story)} retired an earlier signing key before its time${whichKey(story)}${reach}`;
}

/** Describes a kind that only a newer version knows. */
function unknownKind(story: AuditStory): Part[] {
  return say`${actorOf(story)}: ${literalText(story.kind)}`;
}

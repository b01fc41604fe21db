import { mailKindLabel } from "@/app/(console)/mail/mail-kinds";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { LinkRefusal, ResetRefusal, SessionsEnding } from "@/lib/audit/events";
import type { AuditKind } from "@/lib/audit/schema";
import { counted } from "@/lib/core/count/rules";
import type { Authority } from "@/prisma/generated/enums";
import {
  type AuditFacts,
  actorOf,
  auditActor,
  countOf,
  fromTable,
  subjectAtStart,
  subjectOf,
  textOf,
} from "./audit-facts";
import { type Part, say } from "./audit-parts";
import { accountLocked, accountUnlocked, loginFailed, loginSucceeded } from "./login-words";
import { profileChanged } from "./profile-words";
import { panelName, type SettingChange, settingChanges } from "./setting-words";

/** An event in words: a sentence and, for a change of settings, the changes. */
export type AuditWords = { sentence: Part[]; changes: SettingChange[] };

/** Describes an event in words. A detail that is missing or unknown is left out of the sentence. */
export function auditWords(facts: AuditFacts): AuditWords {
  const sentence = Object.hasOwn(sentences, facts.kind) ? sentences[facts.kind](facts) : unknownKind(facts);
  return { sentence, changes: facts.kind === "settings-changed" ? settingChanges(facts.details) : [] };
}

const sentences: Record<AuditKind, (facts: AuditFacts) => Part[]> = {
  "login-succeeded": loginSucceeded,
  "login-failed": loginFailed,
  "account-locked": accountLocked,
  "account-unlocked": accountUnlocked,
  "logged-out": (facts) => say`${actorOf(facts)} logged out`,
  "sessions-ended": sessionsEnded,
  "access-refused": accessRefused,
  "account-created": accountCreated,
  "account-activated": (facts) => say`${subjectAtStart(facts)} activated the account and chose a password`,
  "account-disabled": (facts) => say`${actorOf(facts)} disabled ${subjectOf(facts)}${andEnded(facts)}`,
  "account-enabled": (facts) => say`${actorOf(facts)} enabled ${subjectOf(facts)}`,
  "account-deleted": (facts) =>
    say`${actorOf(facts)} deleted the account ${subjectOf(facts)}${andEnded(facts)}`,
  "authority-changed": authorityChanged,
  "link-issued": linkIssued,
  "link-refused": linkRefused,
  "password-changed": passwordChanged,
  "password-reset-forced": (facts) =>
    say`${subjectAtStart(facts)} was asked to reset a password that does not meet the password policy`,
  "password-reset-requested": passwordResetRequested,
  "profile-changed": (facts) => profileChanged(facts, actorOf(facts)),
  "settings-changed": settingsChanged,
  "signing-key-shown": (facts) => say`${actorOf(facts)} had the signing key shown${whichKey(facts)}`,
  "signing-key-retired": signingKeyRetired,
  "secret-key-rotated": (facts) => say`${actorOf(facts)} sealed all stored secrets with another SECRET_KEY`,
  "test-mail-sent": (facts) => say`${actorOf(facts)} sent a test mail to ${subjectOf(facts)}`,
  "mail-resent": mailResent,
};

/** Names the number of sessions that ended with the event, if there were any. */
function andEnded({ details }: AuditFacts): string {
  const sessions = countOf(details, "sessions") ?? 0;
  return sessions === 0 ? "" : `; ${counted(sessions, "session")} ended`;
}

type Ended = { facts: AuditFacts; sessions: string; people: string };

const sessionsEndings: Record<Exclude<SessionsEnding, "administrator">, (ended: Ended) => Part[]> = {
  "key-retired": ({ facts, sessions, people }) =>
    say`${actorOf(facts)} ended ${sessions || "sessions"}${people}: their key was retired`,
  "key-changed": ({ facts, sessions, people }) =>
    say`${actorOf(facts)} signed everyone out${sessions && `: ${sessions}${people} ended`}`,
  everyone: ({ facts, sessions, people }) => {
    const spared = facts.details.includesOwn === true ? "" : " but the one in use";
    return say`${actorOf(facts)} ended everybody’s sessions${spared}${sessions && `: ${sessions}${people}`}`;
  },
  "another-login": ({ facts }) =>
    say`A session of ${subjectOf(facts)} ended: somebody logged in at the same browser`,
  "refresh-token-reused": ({ facts }) =>
    say`A session of ${subjectOf(facts)} ended: a refresh token that was used up was used again`,
};

function sessionsEnded(facts: AuditFacts): Part[] {
  const { details, actorEmail, subjectEmail } = facts;
  const count = countOf(details, "sessions");
  const sessions = count === null ? "" : counted(count, "session");
  const reach = countOf(details, "people");
  const people = reach === null ? "" : ` of ${counted(reach, "person", "people")}`;
  const words = fromTable(sessionsEndings, details.reason);
  if (words) return words({ facts, sessions, people });
  const whose = subjectEmail === "" || subjectEmail === actorEmail ? "" : say` of ${subjectOf(facts)}`;
  return say`${actorOf(facts)} ended ${sessions || "sessions"}${whose}`;
}

function accessRefused(facts: AuditFacts): Part[] {
  const asked = textOf(facts.details, "asked");
  const what = asked === null ? "" : `: ${escapeInvisible(asked)}`;
  return say`${subjectAtStart(facts)} was refused what is for system administrators${what}`;
}

const authorities: Record<Authority, string> = {
  SYS_ADMIN: "a system administrator",
  TENANT_ADMIN: "a tenant administrator",
  CUSTOMER_USER: "a customer user",
};

function accountCreated(facts: AuditFacts): Part[] {
  const authority = fromTable(authorities, facts.details.authority);
  return say`${actorOf(facts)} created the account ${subjectOf(facts)}${authority ? `, ${authority}` : ""}`;
}

function authorityChanged(facts: AuditFacts): Part[] {
  const [from, to] = ["from", "to"].map((key) => fromTable(authorities, facts.details[key]));
  const change = from && to ? ` ${to}; before, ${from}` : " something else";
  return say`${actorOf(facts)} made ${subjectOf(facts)}${change}`;
}

const linkNames: Record<string, string> = {
  ACTIVATION: "an activation link",
  PASSWORD_RESET: "a reset link",
  PASSWORD_EXPIRED: "a link to replace the expired password",
  UNLOCK: "an unlock link",
};

function linkIssued(facts: AuditFacts): Part[] {
  if (facts.details.purpose === "MOBILE") return say`${actorOf(facts)} made a code for the mobile app`;
  const link = fromTable(linkNames, facts.details.purpose) ?? "a link";
  // Whoever saw the link could have used it.
  const shown = facts.details.shown === true ? ", and was shown it too" : "";
  if (facts.details.delivery === "mail")
    return say`${actorOf(facts)} sent ${subjectOf(facts)} ${link}${shown}`;
  // The command line on the host prints the link.
  const verb = auditActor(facts) === "server" ? "printed" : "copied";
  return say`${actorOf(facts)} ${verb} ${link} of ${subjectOf(facts)}`;
}

const linkRefusals: Record<LinkRefusal, string> = {
  used: ": it had been used before",
  superseded: ": it had been replaced or taken back",
  expired: ": it had expired",
  "account-changed": ": the account had changed since",
};

function linkRefused(facts: AuditFacts): Part[] {
  const link = fromTable(linkNames, facts.details.purpose) ?? "a link";
  const why = fromTable(linkRefusals, facts.details.reason) ?? ", which was refused";
  return say`${actorOf(facts)} tried ${link} of ${subjectOf(facts)}${why}`;
}

const occasions: Record<string, string> = {
  PASSWORD_RESET: " through a reset link",
  PASSWORD_EXPIRED: " in place of an expired one",
};

function passwordChanged(facts: AuditFacts): Part[] {
  const { actorEmail, subjectEmail, details } = facts;
  if (actorEmail !== "" && actorEmail !== subjectEmail)
    return say`${actorOf(facts)} changed the password of ${subjectOf(facts)}${andEnded(facts)}`;
  return say`${subjectAtStart(facts)} chose a new password${fromTable(occasions, details.how) ?? ""}${andEnded(facts)}`;
}

function passwordResetRequested(facts: AuditFacts): Part[] {
  const { details } = facts;
  const requests = countOf(details, "requests") ?? 1;
  const times = requests > 1 ? ` ${requests.toLocaleString("en-US")} times` : "";
  if (details.reason === "throttled")
    return say`Requests for reset links from ${escapeInvisible(facts.address) || "one address"} ignored: too many in a minute`;
  if (details.reason === "no-address")
    return say`A reset link was asked for${times}: what was entered is no e-mail address`;
  const asked = say`Somebody forgot the password of ${subjectOf(facts)}${times && `, asked${times}`}`;
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

function settingsChanged(facts: AuditFacts): Part[] {
  const { details } = facts;
  const { sessions, rolledBack } = typeof details.changes === "object" ? (details.changes ?? {}) : {};
  if (rolledBack === true)
    return say`${actorOf(facts)} put an earlier signing key back in force; everyone stays logged in`;
  const panel = panelName(details) ?? "the security settings";
  const outcome = fromTable(outcomes, sessions) ?? "";
  if (settingChanges(details).length === 0 && outcome === "")
    return say`${actorOf(facts)} saved ${panel} without a change`;
  return say`${actorOf(facts)} changed ${panel}${outcome}`;
}

const outcomes: Record<string, string> = {
  kept: "; everyone stays logged in",
  ended: "; everyone was signed out",
};

function mailResent(facts: AuditFacts): Part[] {
  const kind = mailKindLabel(textOf(facts.details, "mail") ?? "");
  return say`${actorOf(facts)} had a mail to ${subjectOf(facts)} sent again${kind && ` (${kind})`}`;
}

function whichKey({ details }: AuditFacts): string {
  const fingerprint = textOf(details, "fingerprint");
  return fingerprint ? ` (fingerprint ${escapeInvisible(fingerprint)})` : "";
}

function signingKeyRetired(facts: AuditFacts): Part[] {
  const sessions = countOf(facts.details, "sessions");
  const reach =
    sessions === null ? "" : `: ${sessions === 0 ? "no sessions" : counted(sessions, "session")} ended`;
  return say`${actorOf(facts)} retired an earlier signing key before its time${whichKey(facts)}${reach}`;
}

/** Describes a kind that only a newer version knows. */
function unknownKind(facts: AuditFacts): Part[] {
  return say`${actorOf(facts)}: ${escapeInvisible(facts.kind)}`;
}

import { mailKindLabel } from "@/app/(console)/mail/mail-kinds";
import { panelName, type SettingChange, settingChanges } from "@/app/(console)/setting-words";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { LinkRefusal, ResetRefusal, SessionsEnding } from "@/lib/audit/events";
import type { AuditKind } from "@/lib/audit/schema";
import { counted } from "@/lib/core/count/rules";
import { HOST } from "@/lib/core/host/rules";
import type { Authority, LinkPurpose } from "@/prisma/generated/enums";
import {
  type AuditFacts,
  actorOf,
  countOf,
  fromTable,
  subjectAtStart,
  subjectOf,
  textOf,
} from "./audit-facts";
import { kindLabels } from "./audit-kinds";
import { originWords } from "./audit-origin";
import { type Part, say } from "./audit-parts";
import { personWords } from "./audit-person";
import { dayText } from "./day-text";
import { accountLocked, accountUnlocked, loginFailed, loginSucceeded } from "./login-words";
import { profileChanged } from "./profile-words";

/** An event in words: a sentence and, for a change of settings, the changes. */
type AuditWords = { sentence: Part[]; changes: SettingChange[] };

/** Describes an event in words. A detail that is missing or unknown is left out of the sentence. */
export function auditWords(facts: AuditFacts): AuditWords {
  const sentenceOf = fromTable(sentences, facts.kind) ?? unknownKind;
  return {
    sentence: sentenceOf(facts),
    changes: facts.kind === "settings-changed" ? settingChanges(facts.details) : [],
  };
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
  "account-activated": accountActivated,
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
  "signing-key-shown": (facts) => say`${actorOf(facts)} viewed the signing key${whichKey(facts)}`,
  "signing-key-retired": signingKeyRetired,
  "secret-key-rotated": (facts) =>
    say`${actorOf(facts)} re-encrypted all stored secrets with a new SECRET_KEY`,
  "audit-exported": auditExported,
  "test-mail-sent": (facts) => say`${actorOf(facts)} requested a test mail to ${subjectOf(facts)}`,
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
    const exception = facts.details.includesOwn === true ? "" : " except the one in use";
    return say`${actorOf(facts)} ended everyone’s sessions${exception}${sessions && `: ${sessions}${people}`}`;
  },
  "another-login": ({ facts }) =>
    say`A session of ${subjectOf(facts)} ended: somebody logged in with the same browser`,
  "refresh-token-reused": ({ facts }) =>
    say`A session of ${subjectOf(facts)} ended: a spent refresh token was used again`,
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
  if (facts.details.reason === "proof-required")
    return say`${subjectAtStart(facts)} was denied a change of the signing key or the issuer: the password had not been entered for five minutes`;
  const asked = textOf(facts.details, "asked");
  const what = asked === null ? "" : `: ${escapeInvisible(asked)}`;
  return say`${subjectAtStart(facts)} was denied access reserved for system administrators${what}`;
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

/** Tells whether somebody else did it who was logged in at the browser: whoever has a link can use it. */
const isByAnother = ({ actorEmail, subjectEmail }: AuditFacts) =>
  actorEmail !== "" && actorEmail !== subjectEmail;

function accountActivated(facts: AuditFacts): Part[] {
  if (isByAnother(facts))
    return say`${actorOf(facts)} activated the account ${subjectOf(facts)} and chose a password`;
  return say`${subjectAtStart(facts)} activated the account and chose a password`;
}

function authorityChanged(facts: AuditFacts): Part[] {
  const [from, to] = ["from", "to"].map((key) => fromTable(authorities, facts.details[key]));
  if (from && to) return say`${actorOf(facts)} changed ${subjectOf(facts)} from ${from} to ${to}`;
  return say`${actorOf(facts)} changed the authority of ${subjectOf(facts)}`;
}

const linkNames: Record<LinkPurpose, string> = {
  ACTIVATION: "an activation link",
  PASSWORD_RESET: "a reset link",
  PASSWORD_EXPIRED: "a link to replace an expired password",
  UNLOCK: "an unlock link",
};

function linkIssued(facts: AuditFacts): Part[] {
  if (facts.details.purpose === "MOBILE") return say`${actorOf(facts)} created a code for the mobile app`;
  const link = fromTable(linkNames, facts.details.purpose) ?? "a link";
  // Anyone who saw the link could have used it.
  const shown = facts.details.shown === true ? ", and was shown it too" : "";
  if (facts.details.delivery === "mail")
    return say`${actorOf(facts)} queued a mail with ${link} for ${subjectOf(facts)}${shown}`;
  // A start and a command on the host print the link.
  const verb = facts.actorEmail === HOST ? "printed" : "copied";
  return say`${actorOf(facts)} ${verb} ${link} for ${subjectOf(facts)}`;
}

const linkRefusals: Record<LinkRefusal, string> = {
  used: ": it had already been used",
  superseded: ": it had been replaced or withdrawn",
  expired: ": it had expired",
  "account-changed": ": the account had changed since",
};

function linkRefused(facts: AuditFacts): Part[] {
  const link = fromTable(linkNames, facts.details.purpose) ?? "a link";
  const why = fromTable(linkRefusals, facts.details.reason) ?? ", which was refused";
  return say`${actorOf(facts)} tried ${link} for ${subjectOf(facts)}${why}`;
}

const occasions: Partial<Record<LinkPurpose | "ACCOUNT", string>> = {
  PASSWORD_RESET: " with a reset link",
  PASSWORD_EXPIRED: " to replace an expired one",
};

function passwordChanged(facts: AuditFacts): Part[] {
  const occasion = fromTable(occasions, facts.details.how) ?? "";
  if (isByAnother(facts))
    return say`${actorOf(facts)} changed the password of ${subjectOf(facts)}${occasion}${andEnded(facts)}`;
  return say`${subjectAtStart(facts)} chose a new password${occasion}${andEnded(facts)}`;
}

function passwordResetRequested(facts: AuditFacts): Part[] {
  const { details } = facts;
  const requests = countOf(details, "requests") ?? 1;
  const times = requests > 1 ? ` ${requests.toLocaleString("en-US")} times` : "";
  if (details.reason === "throttled")
    return say`Password reset requests from ${escapeInvisible(facts.address) || "one address"} ignored: too many in a minute`;
  if (details.reason === "no-address")
    return say`A reset link was requested${times}: the text entered is not an e-mail address`;
  const asked = say`Somebody asked${times} to reset the password of ${subjectOf(facts)}`;
  if (details.sent === "activation") return say`${asked}: a mail with an activation link was queued`;
  if (details.sent === "password-reset") return say`${asked}: a mail with a reset link was queued`;
  const why = fromTable(unsent, details.reason);
  return why === undefined ? asked : say`${asked}: no mail was queued, because ${why}`;
}

const unsent: Record<Exclude<ResetRefusal, "no-address">, string> = {
  "unknown-account": "there is no such account",
  disabled: "the account is disabled",
  "recently-mailed": "one with a link had just been queued",
};

function settingsChanged(facts: AuditFacts): Part[] {
  const { details } = facts;
  const { sessions, rolledBack, tokenSigningKey } =
    typeof details.changes === "object" ? (details.changes ?? {}) : {};
  if (rolledBack === true) {
    const what = tokenSigningKey === undefined ? "issuer name" : "signing key";
    return say`${actorOf(facts)} rolled back to an earlier ${what}; everyone stays logged in`;
  }
  const panel = panelName(details) ?? "the security settings";
  const outcome = fromTable(outcomes, sessions) ?? "";
  if (settingChanges(details).length === 0 && outcome === "")
    return say`${actorOf(facts)} saved ${panel} without changes`;
  return say`${actorOf(facts)} changed ${panel}${outcome}`;
}

const outcomes: Record<string, string> = {
  kept: "; everyone stays logged in",
  ended: "; everyone was signed out",
};

function mailResent(facts: AuditFacts): Part[] {
  const kind = mailKindLabel(textOf(facts.details, "mail") ?? "");
  return say`${actorOf(facts)} queued a mail to ${subjectOf(facts)} again${kind && ` (${kind})`}`;
}

function whichKey({ details }: AuditFacts): string {
  const fingerprint = textOf(details, "fingerprint");
  // Of a retired key: the key that signs can have the same fingerprint, under another issuer.
  const issuer = textOf(details, "issuer");
  const under = issuer ? `, issuer ${escapeInvisible(issuer)}` : "";
  return fingerprint ? ` (fingerprint ${escapeInvisible(fingerprint)}${under})` : "";
}

function signingKeyRetired(facts: AuditFacts): Part[] {
  const sessions = countOf(facts.details, "sessions");
  const reach =
    sessions === null ? "" : `: ${sessions === 0 ? "no sessions" : counted(sessions, "session")} ended`;
  return say`${actorOf(facts)} retired an earlier entry of the key ring ahead of time${whichKey(facts)}${reach}`;
}

function auditExported(facts: AuditFacts): Part[] {
  const filters = typeof facts.details.filters === "object" ? facts.details.filters : null;
  if (!filters) return say`${actorOf(facts)} downloaded the audit log`;
  const [person, address] = ["person", "address"].map((key) => textOf(filters, key));
  const [from, to, zone] = ["from", "to", "zone"].map((key) => textOf(filters, key));
  const [since, until] = ["since", "until"].map((key) => textOf(filters, key));
  const kind = fromTable(kindLabels, filters.kind);
  const what = [
    kind ? `“${kind}”` : "events",
    person ? ` of ${escapeInvisible(personWords(person))}` : "",
    address ? ` ${originText(address)}` : "",
    from ? ` from ${dayText(from)}` : "",
    to ? ` to ${dayText(to)}` : "",
    from || to ? ` (${escapeInvisible(zone ?? "UTC")})` : "",
    since ? say` since ${{ instant: since }}` : "",
    until ? say` until ${{ instant: until }}` : "",
  ];
  return say`${actorOf(facts)} downloaded a part of the audit log: only ${what.flat()}`;
}

function originText(filter: string): string {
  const { words, address } = originWords(filter);
  return address ? `${words} ${escapeInvisible(address)}` : words;
}

/** Describes a kind that only a newer version knows. */
function unknownKind(facts: AuditFacts): Part[] {
  return say`${actorOf(facts)}: ${escapeInvisible(facts.kind)}`;
}

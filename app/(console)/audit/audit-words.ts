import { mailKindLabel } from "@/app/(console)/mail/mail-kinds";
import type { AuditDetails, AuditEntry, AuditKind } from "@/lib/audit/schema";
import { type Part, say } from "./audit-parts";
import { literalText } from "./literal-text";
import { profileChanged } from "./profile-words";
import { panelName, type SettingChange, settingChanges } from "./setting-words";

/** What happened: a sentence and, for a save of settings, what it changed. */
export type AuditWords = { sentence: Part[]; changes: SettingChange[] };

/** As much of an event as words need. */
export type AuditStory = Pick<AuditEntry, "kind" | "actorEmail" | "subjectEmail" | "address" | "details">;

/** Who did it: a person, Gatehouse itself (or somebody with a shell on its host), or somebody not logged in. */
export type AuditActor = { person: string } | "server" | "anonymous";

const HOST = "host";

/** Events that only somebody who has proved to be the account's owner can cause, while not yet logged in. */
const OWN_DOING: ReadonlySet<AuditKind> = new Set([
  "login-succeeded",
  "account-activated",
  "password-changed",
  "password-reset-forced",
]);

const OWN_UNLOCKING: ReadonlySet<unknown> = new Set(["owner", "reset"]);

export function auditActor(story: AuditStory): AuditActor {
  const { actorEmail, subjectEmail, kind, details } = story;
  if (actorEmail === HOST) return "server";
  if (actorEmail !== "") return { person: actorEmail };
  const isOwner =
    OWN_DOING.has(kind) || OWN_UNLOCKING.has(details.by) || details.reason === "password-expired";
  return isOwner && subjectEmail !== "" ? { person: subjectEmail } : "anonymous";
}

/** Turns an event into words. What its details lack, or say in a way we do not know, is left out of the sentence. */
export function auditWords(story: AuditStory): AuditWords {
  const sentence = Object.hasOwn(sentences, story.kind) ? sentences[story.kind](story) : unknownKind(story);
  return { sentence, changes: story.kind === "settings-changed" ? settingChanges(story.details) : [] };
}

const person = (email: string, otherwise: string): Part => (email === "" ? otherwise : { person: email });
const subjectOf = (story: AuditStory) => person(story.subjectEmail, "somebody");
const SubjectOf = (story: AuditStory) => person(story.subjectEmail, "Somebody");

function actorOf(story: AuditStory): Part {
  const actor = auditActor(story);
  if (actor === "server") return "Gatehouse";
  return actor === "anonymous" ? "Somebody" : actor;
}

function textOf(details: AuditDetails, key: string): string | null {
  const value = details[key];
  return typeof value === "string" && value !== "" ? value : null;
}

function countOf(details: AuditDetails, key: string): number | null {
  const value = details[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

const plural = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** 1st, 2nd, 3rd, 4th, 11th. */
export function ordinal(n: number): string {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(n);
  return `${n.toLocaleString("en")}${{ one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[rule]}`;
}

const sentences: Record<AuditKind, (story: AuditStory) => Part[]> = {
  "login-succeeded": (story) => say`${SubjectOf(story)} logged in${wayIn(story.details)}`,
  "login-failed": loginFailed,
  "account-locked": accountLocked,
  "account-unlocked": accountUnlocked,
  "logged-out": (story) => say`${actorOf(story)} logged out`,
  "sessions-ended": sessionsEnded,
  "access-refused": accessRefused,
  "account-created": accountCreated,
  "account-activated": (story) => say`${SubjectOf(story)} activated the account and chose a password`,
  "account-disabled": (story) => say`${actorOf(story)} disabled ${subjectOf(story)}`,
  "account-enabled": (story) => say`${actorOf(story)} enabled ${subjectOf(story)}`,
  "account-deleted": (story) => say`${actorOf(story)} deleted the account ${subjectOf(story)}`,
  "authority-changed": authorityChanged,
  "link-issued": linkIssued,
  "password-changed": passwordChanged,
  "password-reset-forced": (story) =>
    say`${SubjectOf(story)} was asked to reset a password that does not meet the password policy`,
  "password-reset-requested": passwordResetRequested,
  "profile-changed": (story) => profileChanged(story, actorOf(story)),
  "settings-changed": settingsChanged,
  "signing-key-shown": signingKeyShown,
  "signing-key-retired": signingKeyRetired,
  "secret-key-rotated": (story) => say`${actorOf(story)} sealed all stored secrets with another SECRET_KEY`,
  "test-mail-sent": (story) => say`${actorOf(story)} sent a test mail to ${subjectOf(story)}`,
  "mail-resent": mailResent,
};

function wayIn({ how }: AuditDetails): string {
  if (how === "REST") return " over the API";
  return how === "MOBILE" ? " with the mobile app" : "";
}

function loginFailed(story: AuditStory): Part[] {
  const { details, subjectEmail } = story;
  const who = subjectOf(story);
  // Somebody who is logged in is asked for the password again before what is delicate.
  const isConfirmation = details.how === "confirmation";
  const refused = isConfirmation ? "Confirmation refused" : "Login refused";
  switch (details.reason) {
    case "wrong-password": {
      const failed = countOf(details, "failedAttempts");
      const row = failed ? ` (${ordinal(failed)} in a row)` : "";
      if (!isConfirmation) return say`Wrong password for ${who}${row}`;
      return say`${SubjectOf(story)} gave a wrong password when asked to confirm it${row}`;
    }
    case "unknown-account":
      if (subjectEmail === "") return say`Login refused: what was entered is no e-mail address`;
      return say`Login refused: unknown address ${who}`;
    case "not-activated":
      return say`${refused}: ${who} is not activated yet`;
    case "disabled":
      return say`${refused}: ${who} is disabled`;
    case "locked":
      return say`${refused}: ${who} is locked`;
    case "changed-meanwhile":
      return say`${refused}: the password was right, but ${who} was changed while it was compared`;
    case "throttled":
      return say`Logins from ${literalText(story.address) || "one address"} refused: too many in a minute`;
    case "account-throttled":
      return say`Logins to ${who} refused: too many in a minute`;
    case "password-expired":
      return say`Login refused: the password of ${who} has expired`;
    case "secret-unknown":
      return say`Login with the mobile app refused: the code is unknown, or was replaced`;
    case "secret-used":
      return say`Login with the mobile app refused: the code of ${who} was used before`;
    case "secret-expired":
      return say`Login with the mobile app refused: the code of ${who} had expired`;
    case "session-ended":
      return say`Login with the mobile app refused: the session that made the code of ${who} had ended`;
    case "password-changed":
      return say`Login with the mobile app refused: the code of ${who} was older than the password`;
    default:
      return subjectEmail === "" ? say`A login failed` : say`A login of ${who} failed`;
  }
}

function accountLocked(story: AuditStory): Part[] {
  const { details } = story;
  const failed = countOf(details, "failedAttempts");
  const after = failed ? ` after ${plural(failed, "wrong password", "wrong passwords")} in a row` : "";
  const until = textOf(details, "until");
  if (until !== null && !Number.isNaN(Date.parse(until)))
    return say`${SubjectOf(story)} locked until ${{ instant: until }}${after}`;
  if (details.until === null) return say`${SubjectOf(story)} locked until somebody unlocks it${after}`;
  return say`${SubjectOf(story)} locked${after}`;
}

function accountUnlocked(story: AuditStory): Part[] {
  switch (story.details.by) {
    case "time":
      return say`${SubjectOf(story)} unlocked: the time of the lock is over`;
    case "owner":
      return say`${SubjectOf(story)} unlocked by its owner`;
    case "reset":
      return say`${SubjectOf(story)} unlocked by a password reset`;
    case "change":
      return say`${SubjectOf(story)} unlocked by a change of the password`;
    default:
      if (auditActor(story) === "anonymous") return say`${SubjectOf(story)} unlocked`;
      return say`${actorOf(story)} unlocked ${subjectOf(story)}`;
  }
}

function sessionsEnded(story: AuditStory): Part[] {
  const { details, actorEmail, subjectEmail } = story;
  const sessions = countOf(details, "sessions");
  const ended = sessions === null ? "" : plural(sessions, "session", "sessions");
  const people = countOf(details, "people");
  const reach = people === null ? "" : ` of ${plural(people, "person", "people")}`;
  if (details.reason === "key-retired")
    return say`${actorOf(story)} ended ${ended || "sessions"}${reach}: their key was retired`;
  if (details.reason === "key-changed") {
    return say`${actorOf(story)} signed everyone out${ended && `: ${ended}${reach} ended`}`;
  }
  if (details.reason === "everyone") {
    const spared = details.includesOwn === true ? "" : " but the one in use";
    return say`${actorOf(story)} ended everybody’s sessions${spared}${ended && `: ${ended}${reach}`}`;
  }
  if (details.reason === "another-login")
    return say`A session of ${subjectOf(story)} ended: somebody logged in at the same browser`;
  if (details.reason === "refresh-token-reused")
    return say`A session of ${subjectOf(story)} ended: a refresh token that was used up was used again`;
  const whose = subjectEmail === "" || subjectEmail === actorEmail ? "" : say` of ${subjectOf(story)}`;
  return say`${actorOf(story)} ended ${ended || "sessions"}${whose}`;
}

function accessRefused(story: AuditStory): Part[] {
  const asked = textOf(story.details, "asked");
  const what = asked === null ? "" : `: ${literalText(asked)}`;
  return say`${SubjectOf(story)} was refused what is for system administrators${what}`;
}

const authorities: Record<string, string> = {
  SYS_ADMIN: "a system administrator",
  TENANT_ADMIN: "a tenant administrator",
  CUSTOMER_USER: "a customer user",
};

function accountCreated(story: AuditStory): Part[] {
  const authority = authorities[textOf(story.details, "authority") ?? ""];
  return say`${actorOf(story)} created the account ${subjectOf(story)}${authority ? `, ${authority}` : ""}`;
}

function authorityChanged(story: AuditStory): Part[] {
  const [from, to] = ["from", "to"].map((key) => authorities[textOf(story.details, key) ?? ""]);
  const change = from && to ? ` ${to}; before, ${from}` : " something else";
  return say`${actorOf(story)} made ${subjectOf(story)}${change}`;
}

const linkNames: Record<string, string> = {
  ACTIVATION: "an activation link",
  PASSWORD_RESET: "a reset link",
};

function linkIssued(story: AuditStory): Part[] {
  if (story.details.purpose === "MOBILE") return say`${actorOf(story)} made a code for the mobile app`;
  const link = linkNames[textOf(story.details, "purpose") ?? ""] ?? "a link";
  if (story.details.delivery === "mail") return say`${actorOf(story)} sent ${subjectOf(story)} ${link}`;
  return say`${actorOf(story)} copied ${link} of ${subjectOf(story)}`;
}

const occasions: Record<string, string> = {
  PASSWORD_RESET: " through a reset link",
  PASSWORD_EXPIRED: " in place of an expired one",
};

function passwordChanged(story: AuditStory): Part[] {
  const { actorEmail, subjectEmail, details } = story;
  if (actorEmail !== "" && actorEmail !== subjectEmail)
    return say`${actorOf(story)} changed the password of ${subjectOf(story)}`;
  return say`${SubjectOf(story)} chose a new password${occasions[textOf(details, "how") ?? ""] ?? ""}`;
}

function passwordResetRequested(story: AuditStory): Part[] {
  const { details } = story;
  const requests = countOf(details, "requests") ?? 1;
  const times = requests > 1 ? ` ${requests.toLocaleString("en")} times` : "";
  if (details.reason === "throttled")
    return say`Requests for reset links from ${literalText(story.address) || "one address"} ignored: too many in a minute`;
  if (details.reason === "no-address")
    return say`A reset link was asked for${times}: what was entered is no e-mail address`;
  const asked = say`Somebody forgot the password of ${subjectOf(story)}${times && `, asked${times}`}`;
  if (details.sent === "activation") return say`${asked}: an activation link was mailed`;
  if (details.sent === "password-reset") return say`${asked}: a reset link was mailed`;
  const why = typeof details.reason === "string" ? unsent[details.reason] : undefined;
  return why === undefined ? asked : say`${asked}: nothing was mailed, ${why}`;
}

const unsent: Record<string, string> = {
  "unknown-account": "there is no such account",
  disabled: "the account is disabled",
  "recently-mailed": "the last link had just been",
};

function settingsChanged(story: AuditStory): Part[] {
  const { details } = story;
  const panel = panelName(details) ?? "the security settings";
  const { changes } = details;
  const sessions = typeof changes === "object" && changes !== null ? changes.sessions : undefined;
  const isChange = settingChanges(details).length > 0;
  if (typeof changes === "object" && changes !== null && changes.rolledBack === true)
    return say`${actorOf(story)} put an earlier signing key back in force; everyone stays logged in`;
  const outcome =
    sessions === "kept"
      ? "; everyone stays logged in"
      : sessions === "ended"
        ? "; everyone was signed out"
        : "";
  if (!isChange && outcome === "") return say`${actorOf(story)} saved ${panel} without a change`;
  return say`${actorOf(story)} changed ${panel}${outcome}`;
}

function mailResent(story: AuditStory): Part[] {
  const kind = mailKindLabel(textOf(story.details, "mail") ?? "");
  return say`${actorOf(story)} had a mail to ${subjectOf(story)} sent again${kind && ` (${kind})`}`;
}

function signingKeyShown(story: AuditStory): Part[] {
  const fingerprint = textOf(story.details, "fingerprint");
  const which = fingerprint ? ` (fingerprint ${literalText(fingerprint)})` : "";
  return say`${actorOf(story)} had the signing key shown${which}`;
}

function signingKeyRetired(story: AuditStory): Part[] {
  const fingerprint = textOf(story.details, "fingerprint");
  const which = fingerprint ? ` (fingerprint ${literalText(fingerprint)})` : "";
  const sessions = countOf(story.details, "sessions");
  const reach =
    sessions === null
      ? ""
      : `: ${sessions === 0 ? "no" : sessions.toLocaleString("en")} ${sessions === 1 ? "session" : "sessions"} ended`;
  return say`${actorOf(story)} retired an earlier signing key before its time${which}${reach}`;
}

/** A kind that a newer version wrote. */
function unknownKind(story: AuditStory): Part[] {
  return say`${actorOf(story)}: ${literalText(story.kind)}`;
}

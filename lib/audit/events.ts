import type { Authority, LinkPurpose, SessionKind } from "@/prisma/generated/enums";
import type { AuditDetails, AuditKind } from "./schema";

/** What a password was tried for: a session of that kind, or to confirm who is logged in already. */
export type TriedFor = SessionKind | "confirmation";

/** Why a login, or a confirmation of the password, was refused, which the person was not told. */
export type LoginFailure =
  | "wrong-password"
  | "unknown-account"
  | "not-activated"
  | "disabled"
  | "locked"
  /** The password was right, but no longer when that was to be settled. */
  | "changed-meanwhile"
  /** By network address, and by account. */
  | "throttled"
  | "account-throttled"
  | "password-expired"
  /** What can be wrong with a mobile app's secret. */
  | "secret-unknown"
  | "secret-used"
  | "secret-expired"
  | "session-ended"
  | "password-changed";

/** Why sessions ended before their time, if not because their own person wanted them to. */
export type SessionsEnding =
  | "administrator"
  | "everyone"
  | "another-login"
  | "refresh-token-reused"
  | "key-changed"
  | "key-retired";

/** What lifted a lock. */
export type Unlocking = "time" | "owner" | "reset" | "change" | "administrator";

/** Why nobody was mailed a link that was asked for. */
export type ResetRefusal = "no-address" | "unknown-account" | "disabled" | "recently-mailed";

/** Why a link that was handed out is refused; the last: its account is no longer in the state that the link is for. */
export type LinkRefusal = "used" | "superseded" | "expired" | "account-changed";

/** How many live sessions ended with it. Events from before this was noted do not tell. */
type EndedSessions = { sessions: number };

/**
 * What each kind of event tells, beside who did it to whom, when and from where. Whoever records an event and whoever
 * puts it into words go by this; a kind that is not here tells no more.
 */
type Told = {
  "login-succeeded": { how: SessionKind; sessionId: string };
  "login-failed": { how: TriedFor; reason: LoginFailure; failedAttempts?: number };
  /** `until`: ISO 8601; null until somebody unlocks it. */
  "account-locked": { failedAttempts: number; until: string | null };
  "account-unlocked": { by: Unlocking };
  "sessions-ended": {
    sessions: number;
    people?: number;
    reason?: SessionsEnding;
    sessionId?: string;
    includesOwn?: boolean;
  };
  "access-refused": { asked: string };
  "account-created": { authority: Authority };
  "account-activated": { how: LinkPurpose };
  "account-disabled": EndedSessions;
  "account-deleted": { authority: Authority } & EndedSessions;
  "authority-changed": { from: Authority; to: Authority };
  "link-issued":
    | { purpose: "MOBILE" }
    | { purpose: "ACTIVATION" | "PASSWORD_RESET"; delivery: "mail" | "copy"; shown?: true };
  "link-refused": { purpose: LinkPurpose; reason: LinkRefusal };
  "password-changed": EndedSessions &
    ({ how: LinkPurpose } | { how: "ACCOUNT"; sessionId: { from: string; to: string } });
  "password-reset-forced": { how: SessionKind; reason?: "recently-mailed" };
  "password-reset-requested":
    | { reason: "throttled" }
    | { sent: "activation" | "password-reset"; requests: number }
    | { reason: ResetRefusal; requests: number };
  "profile-changed": { [Field in "email" | "firstName" | "lastName"]?: { from: string; to: string } };
  /** Of a secret only that it changed, and of a key its fingerprint. */
  "settings-changed": { panel: string; version: number; changes: AuditDetails };
  "signing-key-shown": { fingerprint: string };
  "signing-key-retired": { fingerprint: string; issuer: string; sessions: number; people: number };
  /** How many of each were sealed again. */
  "secret-key-rotated": { signingKeys: number; mails: number; passwords: number };
  "mail-resent": { mail: string };
};

/** The person an event is about, when it is not, or not only, about the actor. */
export type Subject = { id: string | null; email: string };

/** An event as a verb tells of it. */
export type AuditEvent = {
  [Kind in AuditKind]: { kind: Kind; subject?: Subject } & (Kind extends keyof Told
    ? { details: Told[Kind] }
    : { details?: never });
}[AuditKind];

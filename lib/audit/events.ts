import type { Authority, LinkPurpose, SessionKind } from "@/prisma/generated/enums";
import type { AuditDetails, AuditFilters, AuditKind } from "./schema";

/** What a password was entered for: a session of that kind, or the confirmation of a user who is logged in. */
export type TriedFor = SessionKind | "confirmation";

/** Why a login or a confirmation of the password was refused. The answer does not always tell the user. */
export type LoginFailure =
  | "wrong-password"
  | "unknown-account"
  | "not-activated"
  | "disabled"
  | "locked"
  /** The password was right, but the account changed while it was compared, so that it no longer counts. */
  | "changed-meanwhile"
  /** The limit per network address, and the limit per account. */
  | "throttled"
  | "account-throttled"
  | "password-expired"
  /** Why a mobile app's secret was refused. */
  | "secret-unknown"
  | "secret-used"
  | "secret-expired"
  | "session-ended"
  | "password-changed";

/** Why sessions ended early, if their own user did not end them. */
export type SessionsEnding =
  | "administrator"
  | "everyone"
  | "another-login"
  | "refresh-token-reused"
  | "key-changed"
  | "key-retired";

/** Who or what lifted a lock. */
export type Unlocking = "time" | "owner" | "reset" | "change" | "administrator";

/** Why a requested link was not mailed. */
export type ResetRefusal = "no-address" | "unknown-account" | "disabled" | "recently-mailed";

/** Why an issued link is refused. "account-changed": its account is no longer in the state that the link is for. */
export type LinkRefusal = "used" | "superseded" | "expired" | "account-changed";

/** The number of live sessions that the event ended. Events from before this was recorded do not have it. */
type EndedSessions = { sessions: number };

/** The filters of a query that were set. */
export type SetFilters = Partial<Record<keyof AuditFilters, string>>;

/**
 * The details of each kind of event, beside its actor, subject, time and origin. A kind that is not here has no details.
 * The compiler checks the code that records an event. It cannot check the code that words one (`app/(console)/audit`),
 * which reads the stored details by name: it must also know the names that earlier versions wrote.
 */
type EventDetails = {
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
  /** `sessionId`: absent in events from before it was recorded. */
  "logged-out": { sessionId: string };
  /** "proof-required": a program asked for another key or issuer, and its password was proved too long ago. */
  "access-refused": { asked: string } | { reason: "proof-required" };
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
  /** For a secret, only that it changed; for a key, its fingerprint. */
  "settings-changed": { panel: string; version: number; changes: AuditDetails };
  "signing-key-shown": { fingerprint: string };
  "signing-key-retired": { fingerprint: string; issuer: string; sessions: number; people: number };
  /** The number of values of each sort that were sealed again. */
  "secret-key-rotated": { signingKeys: number; mails: number; passwords: number };
  /** `filters`: those that were set; without them, all events were downloaded. */
  "audit-exported": { filters?: SetFilters };
  "mail-resent": { mail: string };
};

/** The account that an event is about, if that is not, or not only, the actor's. Of its row, only these are recorded. */
export type Subject = { id: string | null; email: string };

/** An event as a verb records it. */
export type AuditEvent = {
  [Kind in AuditKind]: { kind: Kind; subject?: Subject } & (Kind extends keyof EventDetails
    ? { details: EventDetails[Kind] }
    : { details?: never });
}[AuditKind];

import type { AuditKind } from "@/lib/audit/schema";

type Labels = Partial<Record<AuditKind, string>>;

const logins = {
  "login-succeeded": "Logged in",
  "login-failed": "Login failed",
  "logged-out": "Logged out",
  "sessions-ended": "Sessions ended",
  "access-refused": "Access denied",
} satisfies Labels;

const accounts = {
  "account-locked": "Account locked",
  "account-unlocked": "Account unlocked",
  "account-created": "Account created",
  "account-activated": "Account activated",
  "account-disabled": "Account disabled",
  "account-enabled": "Account enabled",
  "account-deleted": "Account deleted",
  "authority-changed": "Authority changed",
  "link-issued": "Link issued",
  "link-refused": "Link refused",
  "password-changed": "Password changed",
  "password-reset-forced": "Password reset required",
  "password-reset-requested": "Password reset requested",
  "profile-changed": "Profile changed",
} satisfies Labels;

const settings = {
  "settings-changed": "Settings changed",
  "signing-key-shown": "Signing key shown",
  "signing-key-retired": "Signing key retired",
  "secret-key-rotated": "SECRET_KEY replaced",
  "audit-exported": "Audit downloaded",
} satisfies Labels;

const mail = {
  "test-mail-sent": "Test mail requested",
  "mail-resent": "Mail queued again",
} satisfies Labels;

/** The label of each kind. A kind that is missing from every filter group is a type error here. */
export const kindLabels: Record<AuditKind, string> = { ...logins, ...accounts, ...settings, ...mail };

/** The groups of kinds in the filter, in order. */
export const kindGroups: { label: string; kinds: Labels }[] = [
  { label: "Logins", kinds: logins },
  { label: "Accounts", kinds: accounts },
  { label: "Settings", kinds: settings },
  { label: "Mail", kinds: mail },
];

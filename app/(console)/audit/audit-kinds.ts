import type { AuditKind } from "@/lib/audit/schema";

/** What the filter calls each kind. */
export const kindLabels: Record<AuditKind, string> = {
  "login-succeeded": "Logged in",
  "login-failed": "Login failed",
  "account-locked": "Account locked",
  "account-unlocked": "Account unlocked",
  "logged-out": "Logged out",
  "sessions-ended": "Sessions ended",
  "access-refused": "Access refused",
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
  "password-reset-requested": "Forgot password",
  "profile-changed": "Profile changed",
  "settings-changed": "Settings changed",
  "signing-key-shown": "Signing key shown",
  "signing-key-retired": "Signing key retired",
  "secret-key-rotated": "Sealing key replaced",
  "test-mail-sent": "Test mail sent",
  "mail-resent": "Mail sent again",
};

/** The kinds as the filter groups them. */
export const kindGroups: { label: string; kinds: AuditKind[] }[] = [
  {
    label: "Logins",
    kinds: ["login-succeeded", "login-failed", "logged-out", "sessions-ended", "access-refused"],
  },
  {
    label: "Accounts",
    kinds: [
      "account-locked",
      "account-unlocked",
      "account-created",
      "account-activated",
      "account-disabled",
      "account-enabled",
      "account-deleted",
      "authority-changed",
      "link-issued",
      "link-refused",
      "password-changed",
      "password-reset-forced",
      "password-reset-requested",
      "profile-changed",
    ],
  },
  {
    label: "Settings",
    kinds: ["settings-changed", "signing-key-shown", "signing-key-retired", "secret-key-rotated"],
  },
  { label: "Mail", kinds: ["test-mail-sent", "mail-resent"] },
];

import type { MailKind } from "@/lib/mail/schema";

/** The label of each kind of mail. */
export const mailKindLabels: Record<MailKind, string> = {
  activation: "Activation link",
  "account-activated": "Account activated",
  "password-reset": "Password reset link",
  "password-reset-forced": "Password reset required",
  "password-changed": "Password changed",
  "email-changed": "E-mail address changed",
  "password-expires-soon": "Password expires soon",
  "account-locked": "Account locked, to the notification address",
  "account-locked-owner": "Account locked, to its owner",
  test: "Test mail",
};

/** Returns the label of a stored kind; empty for a kind that no longer exists. */
export function mailKindLabel(kind: string): string {
  return Object.hasOwn(mailKindLabels, kind) ? mailKindLabels[kind as MailKind] : "";
}

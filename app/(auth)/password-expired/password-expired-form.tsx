"use client";

import { NewPasswordForm } from "@/components/password/new-password-form";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { replaceExpiredPassword } from "./actions";

/** The password in place of one that has expired; the grant of its login is in a cookie. */
export function PasswordExpiredForm({ policy }: { policy: PasswordPolicy }) {
  return <NewPasswordForm action={replaceExpiredPassword} policy={policy} submit="Save new password" />;
}

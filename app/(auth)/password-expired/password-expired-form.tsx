"use client";

import { NewPasswordForm } from "@/components/password/new-password-form";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { replaceExpiredPassword } from "./actions";

/** The form for a new password in place of an expired one; a cookie carries the grant from the login. */
export function PasswordExpiredForm({ policy, email }: { policy: PasswordPolicy; email: string }) {
  return (
    <NewPasswordForm
      action={replaceExpiredPassword}
      policy={policy}
      submit="Save new password"
      username={email}
    />
  );
}

"use client";

import { NewPasswordForm } from "@/components/password/new-password-form";
import type { PasswordPolicy } from "@/lib/settings/schema";
import { replaceExpiredPassword } from "./actions";

/** The password in place of one that has expired, on the grant that its login gave. */
export function PasswordExpiredForm({ policy, token }: { policy: PasswordPolicy; token: string }) {
  return (
    <NewPasswordForm
      action={replaceExpiredPassword}
      policy={policy}
      token={token}
      submit="Save new password"
    />
  );
}

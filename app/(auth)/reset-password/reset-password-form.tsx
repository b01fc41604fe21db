"use client";

import { NewPasswordForm } from "@/components/password/new-password-form";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { resetPassword } from "./actions";

/** The form for a new password in place of a forgotten one, reached by a reset link. */
export function ResetPasswordForm({ policy, token }: { policy: PasswordPolicy; token: string }) {
  return <NewPasswordForm action={resetPassword} policy={policy} token={token} submit="Save new password" />;
}

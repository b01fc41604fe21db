"use client";

import { NewPasswordForm } from "@/components/password/new-password-form";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { activate } from "./actions";

/** The form for an account's first password, reached by an activation link. */
export function ActivateForm({ policy, token }: { policy: PasswordPolicy; token: string }) {
  return <NewPasswordForm action={activate} policy={policy} token={token} submit="Activate account" />;
}

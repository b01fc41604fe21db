"use server";

import { leaveLinkForm } from "@/app/(auth)/leave-link-form";
import { newPasswordFailure, newPasswordState } from "@/app/(auth)/new-password-state";
import { passwordSetPath } from "@/app/(auth)/password-set";
import type { NewPasswordState } from "@/components/password/new-password-form";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { formAction, formText } from "@/lib/request/action";

export const activate = formAction<NewPasswordState>(async (actor, form) => {
  const result = await choosePassword(actor, {
    purpose: "ACTIVATION",
    secret: formText(form, "token"),
    password: formText(form, "password"),
  });
  if (result.ok) leaveLinkForm(passwordSetPath(actor, result));
  if (result.code === "link-unusable") leaveLinkForm("/link-expired?kind=activation");
  return newPasswordState(result);
}, newPasswordFailure);
